/* What is said on the socket before a reader is live, and what then counts as a row. */
#ifndef DIALECT_H
#define DIALECT_H
#include "loop.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { GONE, DIALING, UPGRADING, GREETING, CATCHING_UP, LIVE } ReaderState;

typedef struct {
  Watch watch; /* first, so that the loop's watch is the reader */
  ReaderState state;
  uint32_t awaited;     /* frames still to come before the reader is current */
  uint32_t rest_length; /* of a frame that has come in part */
  char *rest;
  uint64_t offset; /* Roost: where the reader stands in the log */
  uint64_t started_ns;
  unsigned ordinal; /* in the order in which they opened */
} Reader;

/* The HTTP request; returns its length. */
int dialect_upgrade(char *request, size_t room);

/* The socket is open: says hello, with the reader's position if it resumes. */
void dialect_upgraded(Reader *reader, bool resumes);

/* A text frame came. */
void dialect_text(Reader *reader, const char *text, size_t length, uint64_t now);

/* Offered by the readers to the dialects. */
void reader_live(Reader *reader);
void reader_send(Reader *reader, int opcode, const char *text, size_t length);
void reader_problem(const char *what, const char *text, size_t length);
#endif
