/* Whom the client loads: one server on loopback, and the dialect it speaks. */
#ifndef TARGET_H
#define TARGET_H
#include <stdbool.h>

typedef enum { ROOST, BARE_WS, SOCKET_IO } Dialect;

typedef struct {
  Dialect dialect;
  int port;
  const char *token;        /* bearer token, or "" */
  const char *publish_path; /* where messages are posted */
} Target;

extern Target target;

/* A non-blocking socket on its way to the target. Connections spread over 127.0.0.0/8, so that ports suffice. */
int target_connect(unsigned ordinal);
#endif
