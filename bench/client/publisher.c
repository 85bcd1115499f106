#include "publisher.h"
#include "loop.h"
#include "request.h"
#include "response.h"
#include "target.h"
#include "webhook.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_BYTES = 1 << 20, STACKED_MAX = CONNECTIONS_MAX };

/* Servers let idle connections go, and may do so in the instant in which the next request is on its way. */
static const uint64_t KEPT_IDLE_NS = 30000000000u;

typedef struct {
  Watch watch; /* first, so that the loop's watch is the connection */
  uint64_t planned_ns, used_ns;
  char *answer;
  size_t held;
  bool is_busy;
} Connection;

Publication publication;

static Connection connections[CONNECTIONS_MAX];
static unsigned connection_count;
static Connection *idle[STACKED_MAX];
static unsigned idle_count;
static Plan plan;
static uint64_t sent;
static Response last;
static const char *get_path, *get_etag;

static void on_ready(Watch *watch, uint32_t events);
static void go_on(void);

static void dial(Connection *connection) {
  int fd = target_connect((unsigned)(connection - connections));
  if (fd < 0) die("connect to publish");
  connection->watch = (Watch){fd, on_ready};
  connection->held = 0;
  connection->used_ns = now_ns();
  if (!connection->answer) connection->answer = malloc(ANSWER_BYTES);
  loop_add(&connection->watch, EPOLLIN);
  /* Loopback connects within a moment; what is sent first waits for it here, once, before anything is measured. */
  int error = ENOTCONN;
  for (int tries = 0; tries < 5000 && error == ENOTCONN; tries++) {
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    error = getpeername(fd, (struct sockaddr *)&peer, &length) == 0 ? 0 : errno;
    if (error == ENOTCONN) usleep(1000);
  }
  if (error) die("connect to publish");
}

static void connect_all(unsigned count) {
  if (count > CONNECTIONS_MAX) die("too many connections to publish on");
  while (connection_count < count) dial(&connections[connection_count++]);
  idle_count = 0;
  for (unsigned i = 0; i < count; i++) {
    if (connections[i].is_busy) die("an earlier publication is not over");
    if (now_ns() - connections[i].used_ns > KEPT_IDLE_NS) {
      close(connections[i].watch.fd);
      dial(&connections[i]);
    }
    idle[idle_count++] = &connections[i];
  }
}

static void send_request(Connection *connection, Request request, uint64_t planned_ns) {
  size_t at = 0;
  connection->planned_ns = planned_ns;
  connection->is_busy = true;
  while (at < request.length) {
    ssize_t wrote = send(connection->watch.fd, request.bytes + at, request.length - at, MSG_NOSIGNAL);
    if (wrote > 0) at += (size_t)wrote;
    else if (errno == EAGAIN) usleep(50); /* only a batch larger than the socket's buffer gets here */
    else die("send");
  }
}

static Request next_request(uint64_t planned_ns) {
  if (get_path) return request_get(get_path, get_etag);
  if (target.dialect != AGENTS) return request_publish(plan.batch, planned_ns);
  bool repeats = plan.repeat_every > 0 && (sent + 1) % plan.repeat_every == 0;
  if (repeats) publication.repeated++;
  return repeats ? webhook_repeat() : webhook_request(plan.batch, planned_ns);
}

static uint64_t planned_instant(uint64_t ordinal) {
  return publication.first_ns + (uint64_t)((double)ordinal * 1e9 / plan.per_second);
}

/* Sends whatever is due and has a connection; what has none keeps its planned instant and goes out later. */
static void go_on(void) {
  while (sent < plan.requests && idle_count > 0) {
    uint64_t now = now_ns();
    uint64_t planned = plan.per_second > 0 ? planned_instant(sent) : now;
    if (planned > now) {
      loop_alarm(planned, go_on);
      return;
    }
    Connection *connection = idle[--idle_count];
    Request request = next_request(planned);
    sent++;
    send_request(connection, request, planned);
  }
}

static void answered(Connection *connection) {
  uint64_t now = now_ns();
  publication.answered++;
  publication.last_answer_ns = now;
  histogram_add(&publication.answers, now - connection->planned_ns);
  if (last.status >= 400) {
    if (publication.refused++ == 0) {
      publication.status = last.status;
      fprintf(stderr, "load client: refused: %.*s\n", (int)(connection->held < 900 ? connection->held : 900),
              connection->answer);
    }
  }
  connection->held = 0;
  connection->used_ns = now;
  connection->is_busy = false;
  idle[idle_count++] = connection;
  go_on();
}

static void on_ready(Watch *watch, uint32_t events) {
  Connection *connection = (Connection *)watch;
  (void)events;
  ssize_t got =
      recv(watch->fd, connection->answer + connection->held, ANSWER_BYTES - connection->held, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    /* A server may let an idle connection go; a request under way must be answered. */
    if (connection->is_busy) die("a connection to publish on ended");
    close(watch->fd);
    for (unsigned i = 0; i < idle_count; i++)
      if (idle[i] == connection) idle[i] = idle[--idle_count];
    dial(connection);
    idle[idle_count++] = connection;
    return;
  }
  connection->held += (size_t)got;
  int whole = response_take(connection->answer, connection->held, &last);
  if (whole < 0) die("an answer cannot be read");
  if (whole > 0) answered(connection);
}

static void start(const Plan *next) {
  connect_all(next->connections);
  plan = *next;
  memset(&publication, 0, sizeof publication);
  sent = 0;
  publication.first_ns = now_ns();
  go_on();
}

void publisher_start(const Plan *next) {
  get_path = NULL;
  start(next);
}

bool publisher_done(void) { return publication.answered >= plan.requests; }

void publisher_get(const char *path, const char *etag, uint64_t count) {
  get_path = path;
  get_etag = etag;
  start(&(Plan){.connections = 1, .requests = count, .batch = 1});
  uint64_t deadline = now_ns() + 60000000000u;
  while (!publisher_done() && now_ns() < deadline) loop_turn(deadline);
  if (!publisher_done()) die("get: too late");
}

int publisher_status(void) { return last.status; }
uint64_t publisher_answer_bytes(void) { return last.length; }
const char *publisher_etag(void) { return last.etag; }
