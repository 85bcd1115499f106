#define _GNU_SOURCE
#include "response.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Start of a header's value, or NULL. */
static const char *header(const char *head, const char *end, const char *name) {
  size_t length = strlen(name);
  for (const char *line = head; line && line < end;) {
    line = memmem(line, (size_t)(end - line), "\r\n", 2);
    if (!line || (size_t)(end - line) <= length + 2) return NULL;
    line += 2;
    if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
      const char *value = line + length + 1;
      while (*value == ' ') value++;
      return value;
    }
  }
  return NULL;
}

int response_take(const char *bytes, size_t available, Response *response) {
  const char *blank = memmem(bytes, available, "\r\n\r\n", 4);
  if (!blank) return 0;
  if (available < 12 || memcmp(bytes, "HTTP/1.1 ", 9) != 0) return -1;
  const char *end = blank + 2;
  response->status = atoi(bytes + 9);
  response->length = (size_t)(blank + 4 - bytes);
  response->etag[0] = '\0';
  const char *etag = header(bytes, end, "ETag");
  if (etag) {
    size_t length = strcspn(etag, "\r");
    if (length < sizeof response->etag) {
      memcpy(response->etag, etag, length);
      response->etag[length] = '\0';
    }
  }
  if (response->status == 304 || response->status == 204) return 1;
  const char *body_length = header(bytes, end, "Content-Length");
  if (!body_length) return -1;
  response->length += strtoul(body_length, NULL, 10);
  return available >= response->length ? 1 : 0;
}
