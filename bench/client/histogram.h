/* Durations, kept in buckets 0.4 % wide: any number of samples in a fixed space. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H
#include <stdint.h>

enum { PER_OCTAVE = 256, OCTAVES = 40 };

typedef struct {
  uint64_t count, max;
  uint64_t buckets[PER_OCTAVE * OCTAVES];
} Histogram;

void histogram_clear(Histogram *histogram);
void histogram_add(Histogram *histogram, uint64_t ns);
/* The duration that `share` (0 to 1) of the samples do not exceed, in ns. */
uint64_t histogram_at(const Histogram *histogram, double share);
/* As a JSON object in milliseconds: {"count":…,"p50":…,"p99":…,"max":…}. */
void histogram_print(const char *name, const Histogram *histogram);
#endif
