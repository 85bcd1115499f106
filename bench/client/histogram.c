#include "histogram.h"
#include <stdio.h>
#include <string.h>

enum { LINEAR_BITS = 8 }; /* log2 of PER_OCTAVE */

void histogram_clear(Histogram *histogram) { memset(histogram, 0, sizeof *histogram); }

static unsigned bucket_of(uint64_t ns) {
  if (ns < PER_OCTAVE) return (unsigned)ns;
  unsigned octave = 63u - (unsigned)__builtin_clzll(ns) - LINEAR_BITS;
  unsigned bucket = (octave + 1) * PER_OCTAVE + (unsigned)((ns >> octave) - PER_OCTAVE);
  return bucket < PER_OCTAVE * OCTAVES ? bucket : PER_OCTAVE * OCTAVES - 1;
}

/* Middle of a bucket. */
static uint64_t value_of(unsigned bucket) {
  if (bucket < PER_OCTAVE) return bucket;
  unsigned octave = bucket / PER_OCTAVE - 1;
  uint64_t low = (uint64_t)(bucket % PER_OCTAVE + PER_OCTAVE) << octave;
  return low + (((uint64_t)1 << octave) >> 1);
}

void histogram_add(Histogram *histogram, uint64_t ns) {
  histogram->buckets[bucket_of(ns)]++;
  histogram->count++;
  if (ns > histogram->max) histogram->max = ns;
}

uint64_t histogram_at(const Histogram *histogram, double share) {
  uint64_t wanted = (uint64_t)((double)histogram->count * share), seen = 0;
  if (histogram->count == 0) return 0;
  for (unsigned i = 0; i < PER_OCTAVE * OCTAVES; i++) {
    seen += histogram->buckets[i];
    if (seen > wanted || seen == histogram->count) return value_of(i);
  }
  return histogram->max;
}

void histogram_print(const char *name, const Histogram *histogram) {
  printf("\"%s\":{\"count\":%llu,\"p50\":%.4f,\"p99\":%.4f,\"max\":%.4f}", name,
         (unsigned long long)histogram->count, (double)histogram_at(histogram, 0.50) / 1e6,
         (double)histogram_at(histogram, 0.99) / 1e6, (double)histogram->max / 1e6);
}
