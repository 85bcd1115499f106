/* Reads as much of an HTTP/1.1 answer as is needed to know that it is over. Chunked answers are not understood. */
#ifndef RESPONSE_H
#define RESPONSE_H
#include <stddef.h>

typedef struct {
  int status;
  size_t length; /* of head and body */
  char etag[120];
} Response;

/* 1 when a whole answer stands at the front, 0 when more must come, -1 when it cannot be read. */
int response_take(const char *bytes, size_t available, Response *response);
#endif
