#include "request.h"
#include "loop.h"
#include "stamp.h"
#include "target.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As long as a short note between people. */
static const char TEXT[] =
    "Good morning, the delivery of last week has not arrived yet, and the tracking page shows no movement since "
    "Tuesday. Could you have a look and tell us when we may expect it? Kind regards, Ann Lee";
static const char BEFORE[] = "{\"to\":\"bench@localhost\",\"from\":\"Ann Lee <ann@example.test>\",\"subject\":\"";
static const char BETWEEN[] = " where is our order\",\"text\":\"";
static const char AFTER[] = "\"}";
/* Around several messages. */
static const char OPEN[] = "{\"messages\":[";
static const char CLOSE[] = "]}";

enum { HEAD_BYTES = 6000, MESSAGE_BYTES = sizeof TEXT + sizeof BEFORE + sizeof BETWEEN + 64 };

static char *buffer;
static size_t room;

static char *ensure(size_t needed) {
  if (needed > room) {
    buffer = realloc(buffer, needed);
    room = needed;
    if (!buffer) die("realloc");
  }
  return buffer;
}

static size_t put(char *out, const char *text) {
  size_t length = strlen(text);
  memcpy(out, text, length);
  return length;
}

static size_t put_message(char *out, uint64_t planned_ns) {
  size_t at = put(out, BEFORE);
  stamp_write(out + at, planned_ns);
  at += STAMP_LENGTH;
  at += put(out + at, BETWEEN);
  at += put(out + at, TEXT);
  return at + put(out + at, AFTER);
}

static size_t message_length(void) {
  return strlen(BEFORE) + STAMP_LENGTH + strlen(BETWEEN) + strlen(TEXT) + strlen(AFTER);
}

static size_t put_authorization(char *out) {
  return target.token[0] ? (size_t)sprintf(out, "Authorization: Bearer %s\r\n", target.token) : 0;
}

Request request_publish(unsigned batch, uint64_t planned_ns) {
  char *out = ensure(HEAD_BYTES + batch * (MESSAGE_BYTES + 1));
  size_t body = batch * message_length() + (batch > 1 ? strlen(OPEN) + strlen(CLOSE) + batch - 1 : 0);
  size_t at = (size_t)sprintf(out, "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n", target.publish_path, target.port);
  at += put_authorization(out + at);
  at += (size_t)sprintf(out + at, "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n", body);
  if (batch > 1) at += put(out + at, OPEN);
  for (unsigned i = 0; i < batch; i++) {
    if (i > 0) out[at++] = ',';
    at += put_message(out + at, planned_ns);
  }
  if (batch > 1) at += put(out + at, CLOSE);
  return (Request){out, at};
}

Request request_get(const char *path, const char *etag) {
  char *out = ensure(HEAD_BYTES);
  size_t at = (size_t)sprintf(out, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n", path, target.port);
  at += put_authorization(out + at);
  if (etag[0]) at += (size_t)sprintf(out + at, "If-None-Match: %s\r\n", etag);
  at += put(out + at, "\r\n");
  return (Request){out, at};
}
