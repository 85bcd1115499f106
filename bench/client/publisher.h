/* Posts messages to the target over kept-alive HTTP connections, one request at a time on each. */
#ifndef PUBLISHER_H
#define PUBLISHER_H
#include "histogram.h"
#include <stdbool.h>
#include <stdint.h>

enum { CONNECTIONS_MAX = 256 };

typedef struct {
  unsigned connections; /* at most CONNECTIONS_MAX */
  uint64_t requests;
  unsigned batch;    /* messages in each request */
  double per_second; /* requests; 0: the next as soon as one is answered */
  unsigned repeat_every; /* AGENTS: each so many-th is the one before it again; 0: none */
} Plan;

typedef struct {
  uint64_t answered, refused, repeated; /* requests */
  uint64_t first_ns, last_answer_ns;
  Histogram answers; /* planned instant to answer */
  int status;        /* of the first refusal */
} Publication;

extern Publication publication;

/* Connects what the plan needs beyond what is open, clears what was counted, and starts. */
void publisher_start(const Plan *plan);

/* Whether every request was answered. */
bool publisher_done(void);

/* `count` requests for `path`, one after another on one connection, with an If-None-Match when `etag` is not "". */
void publisher_get(const char *path, const char *etag, uint64_t count);

/* Of the last answer. */
int publisher_status(void);
uint64_t publisher_answer_bytes(void);
const char *publisher_etag(void);
#endif
