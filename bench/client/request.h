/* The HTTP requests the publisher sends. Both are made into one growing buffer that the next call overwrites. */
#ifndef REQUEST_H
#define REQUEST_H
#include <stddef.h>
#include <stdint.h>

typedef struct {
  const char *bytes;
  size_t length;
} Request;

/* `batch` messages, each with `planned_ns` in its subject: as one object, or as `{"messages": [...]}`. */
Request request_publish(unsigned batch, uint64_t planned_ns);

Request request_get(const char *path, const char *etag);
#endif
