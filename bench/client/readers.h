/* The clients that listen: each a WebSocket in the target's dialect, counting what it is handed. */
#ifndef READERS_H
#define READERS_H
#include "histogram.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  unsigned live;       /* connected, greeted and current */
  unsigned failed;     /* never became live, or were closed by the other side */
  uint64_t frames;     /* text frames with rows, while live */
  uint64_t rows;       /* rows in them */
  uint64_t bytes;      /* everything received */
  uint64_t reads;      /* times a socket was read: far below `frames` when frames leave joined */
  uint64_t gaps;       /* deltas that do not continue what their reader holds */
  uint64_t unread;     /* AGENTS: changes of what the reader has not read */
  uint64_t first_rows; /* rows that came while becoming live: snapshots and catch-up */
  size_t frame_length; /* of the last frame with one row */
  Histogram latency;   /* planned instant to row seen */
  Histogram opening;   /* start of the connection to live */
  char problem[240];   /* the first thing that went wrong, in words; or "" */
} Tally;

extern Tally tally;

/* Counts from here on; who is live stays known. */
void tally_clear(void);

/* Where the reader that is least far stands, and the one that is furthest. */
void readers_offsets(uint64_t *least, uint64_t *most);

/* Opens `count` more, at most `in_flight` at a time; false when they are not all live in time. */
bool readers_open(unsigned count, unsigned in_flight, uint64_t deadline_ns);

/* Destroys every connection at once. */
void readers_cut(void);

/* All who were cut connect again at once, each from where it stood if `resume`, and become live. */
bool readers_back(bool resume, uint64_t deadline_ns);
#endif
