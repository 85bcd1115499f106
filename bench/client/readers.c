#define _GNU_SOURCE
#include "readers.h"
#include "dialect.h"
#include "loop.h"
#include "target.h"
#include "websocket.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_BYTES = 1 << 20, READERS_MAX = 19000, REQUEST_BYTES = 1024 };

Tally tally;

static Reader *readers;
static unsigned reader_count, pending, next_to_open;
static bool resumes;

static void on_ready(Watch *watch, uint32_t events);

void tally_clear(void) {
  unsigned live = tally.live;
  memset(&tally, 0, sizeof tally);
  tally.live = live;
}

void reader_problem(const char *what, const char *text, size_t length) {
  if (tally.problem[0]) return;
  snprintf(tally.problem, sizeof tally.problem, "%s: %.*s", what, (int)(length < 180 ? length : 180), text);
}

static void end(Reader *reader, const char *why) {
  if (reader->state == GONE) return;
  if (reader->state == LIVE) tally.live--;
  else pending--;
  reader->state = GONE;
  tally.failed++;
  reader_problem("a connection ended", why, strlen(why));
  close(reader->watch.fd);
  free(reader->rest);
  reader->rest = NULL;
  reader->rest_length = 0;
}

void reader_live(Reader *reader) {
  reader->state = LIVE;
  pending--;
  tally.live++;
  histogram_add(&tally.opening, now_ns() - reader->started_ns);
}

void reader_send(Reader *reader, int opcode, const char *text, size_t length) {
  char frame[8192];
  if (length > sizeof frame - 14) die("frame to send is too long");
  size_t size = frame_make(frame, opcode, text, length);
  /* So little is sent that the socket always takes it. */
  if (send(reader->watch.fd, frame, size, MSG_NOSIGNAL) != (ssize_t)size) end(reader, "could not write");
}

static void dial(Reader *reader) {
  unsigned ordinal = (unsigned)(reader - readers);
  reader->started_ns = now_ns();
  reader->ordinal = ordinal;
  reader->watch.ready = on_ready;
  reader->watch.fd = target_connect(ordinal);
  pending++;
  if (reader->watch.fd < 0) {
    pending--;
    reader->state = GONE;
    tally.failed++;
    reader_problem("connect", strerror(errno), strlen(strerror(errno)));
    return;
  }
  reader->state = DIALING;
  loop_add(&reader->watch, EPOLLOUT);
}

static void upgrade(Reader *reader) {
  char request[REQUEST_BYTES];
  int length = dialect_upgrade(request, sizeof request);
  if (send(reader->watch.fd, request, (size_t)length, MSG_NOSIGNAL) != length) {
    end(reader, "could not connect");
    return;
  }
  reader->state = UPGRADING;
  loop_change(&reader->watch, EPOLLIN);
}

/* Takes the HTTP answer off the front: its size, 0 when it is not complete, -1 when it is a refusal. */
static long take_upgrade(const char *bytes, size_t length) {
  const char *end_of_head = memmem(bytes, length, "\r\n\r\n", 4);
  if (!end_of_head) return 0;
  if (strncmp(bytes, "HTTP/1.1 101", 12) == 0) return end_of_head + 4 - bytes;
  reader_problem("upgrade refused", bytes, length);
  return -1;
}

/* One frame, or the answer to the upgrade, off the front. */
static long take(Reader *reader, const char *bytes, size_t length, uint64_t now) {
  if (reader->state == UPGRADING) {
    long taken = take_upgrade(bytes, length);
    if (taken > 0) dialect_upgraded(reader, resumes);
    return taken;
  }
  Frame frame;
  long taken = frame_take(bytes, length, &frame);
  if (taken <= 0) return taken;
  if (frame.opcode == OP_TEXT) dialect_text(reader, frame.text, frame.length, now);
  else if (frame.opcode == OP_PING) reader_send(reader, OP_PONG, frame.text, frame.length);
  else if (frame.opcode == OP_CLOSE) {
    reader_problem("closed", frame.length > 2 ? frame.text + 2 : "", frame.length > 2 ? frame.length - 2 : 0);
    end(reader, "the server closed it");
  }
  return taken;
}

static void keep_rest(Reader *reader, const char *bytes, size_t length) {
  reader->rest = length > 0 ? realloc(reader->rest, length) : (free(reader->rest), NULL);
  if (length > 0) memcpy(reader->rest, bytes, length);
  reader->rest_length = (uint32_t)length;
}

static void receive(Reader *reader) {
  static char buffer[READ_BYTES];
  size_t held = reader->rest_length, at = 0;
  if (held >= READ_BYTES) {
    end(reader, "a frame is too long");
    return;
  }
  if (held > 0) memcpy(buffer, reader->rest, held);
  ssize_t got = recv(reader->watch.fd, buffer + held, READ_BYTES - held, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    end(reader, got == 0 ? "the server hung up" : strerror(errno));
    return;
  }
  uint64_t now = now_ns();
  size_t length = held + (size_t)got;
  tally.bytes += (uint64_t)got;
  tally.reads++;
  while (at < length) {
    long taken = take(reader, buffer + at, length - at, now);
    if (reader->state == GONE) return;
    if (taken < 0) {
      end(reader, "not a frame");
      return;
    }
    if (taken == 0) break;
    at += (size_t)taken;
  }
  if (length - at > 0 || held > 0) keep_rest(reader, buffer + at, length - at);
}

static void on_ready(Watch *watch, uint32_t events) {
  Reader *reader = (Reader *)watch;
  if (reader->state == GONE) return; /* an event of this turn, of a connection that just ended */
  if (reader->state == DIALING) {
    if (events & (EPOLLERR | EPOLLHUP)) end(reader, "the connection was refused");
    else upgrade(reader);
    return;
  }
  receive(reader);
}

static bool wait_until_live(unsigned in_flight, uint64_t deadline_ns) {
  while (next_to_open < reader_count || pending > 0) {
    while (next_to_open < reader_count && pending < in_flight) dial(&readers[next_to_open++]);
    if (now_ns() > deadline_ns) {
      reader_problem("too late", "not everybody was live in time", 30);
      return false;
    }
    loop_turn(deadline_ns);
  }
  loop_stay_awake(tally.live > 0);
  return tally.live == reader_count;
}

void readers_offsets(uint64_t *least, uint64_t *most) {
  *least = UINT64_MAX;
  *most = 0;
  for (unsigned i = 0; i < reader_count; i++) {
    if (readers[i].state != LIVE) continue;
    if (readers[i].offset < *least) *least = readers[i].offset;
    if (readers[i].offset > *most) *most = readers[i].offset;
  }
}

bool readers_open(unsigned count, unsigned in_flight, uint64_t deadline_ns) {
  if (!readers) readers = calloc(READERS_MAX, sizeof *readers);
  if (reader_count + count > READERS_MAX) die("more readers than descriptors");
  resumes = false;
  reader_count += count;
  return wait_until_live(in_flight, deadline_ns);
}

void readers_cut(void) {
  for (unsigned i = 0; i < reader_count; i++) {
    Reader *reader = &readers[i];
    if (reader->state != GONE) close(reader->watch.fd);
    reader->state = GONE;
    keep_rest(reader, NULL, 0);
  }
  tally.live = 0;
  pending = 0;
  loop_stay_awake(false);
}

bool readers_back(bool resume, uint64_t deadline_ns) {
  resumes = resume;
  next_to_open = 0;
  return wait_until_live(reader_count, deadline_ns);
}
