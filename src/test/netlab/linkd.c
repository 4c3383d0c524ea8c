/*
 * linkd: an Ethernet switch in user space, for kernels without netem. Each port is a TAP device in a network namespace;
 * frames are switched by the MAC addresses that were seen, and each port has a rate (full duplex), a one-way delay and a loss.
 *
 *   linkd CONF NETNS:IFACE...
 *
 * CONF has a line "NETNS DELAY_US RATE_MBIT LOSS_PERCENT" for each port (0: none). It is read at the start and at SIGHUP.
 * The delay from one port to another is half of both ports' values: equal values give a round trip of twice the value.
 * Rates are cut-through: a frame takes the time of its bytes once, not on both links. A frame of up to 64 KiB that the kernel
 * has not cut into packets counts with 66 bytes of headers for each 1448.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { PORTS = 16, SLOTS = 4096, FRAME = 65536 + 64, HEAD = sizeof(struct virtio_net_hdr), MACS = 256 };
static const long MOST_QUEUED = 64L << 20; /* bytes that wait for a port; more are dropped */
static const int64_t LONGEST_WAIT = 20000000; /* ns */

struct frame {
    int64_t at; /* when it is to be delivered, in ns */
    int length;
    uint8_t *bytes;
};

struct port {
    char name[64];
    int fd;
    int64_t up_free, down_free; /* when each direction of the link is idle again, in ns */
    int64_t delay;              /* ns */
    double ns_per_byte;
    double loss; /* 0 to 1 */
    struct frame queue[SLOTS];
    unsigned head, tail;
    long queued; /* bytes */
};

static struct port ports[PORTS];
static int count;
static struct {
    uint8_t mac[6];
    int port;
} learnt[MACS];
static int known;
static volatile sig_atomic_t reread = 1;
static uint8_t *spare[SLOTS];
static int spares;

static void on_signal(int signal) {
    (void) signal;
    reread = 1;
}

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

/* A number from 0 to 1: xorshift64, always the same sequence. */
static double uniform(void) {
    static uint64_t s = 88172645463325252ULL;
    s ^= s << 13;
    s ^= s >> 7;
    s ^= s << 17;
    return (s >> 11) * (1.0 / 9007199254740992.0);
}

static void open_port(struct port *p, const char *netns, const char *iface) {
    char path[256];
    int self = open("/proc/self/ns/net", O_RDONLY);
    snprintf(path, sizeof path, "/run/netns/%s", netns);
    int other = open(path, O_RDONLY);
    if (self < 0 || other < 0 || setns(other, CLONE_NEWNET)) die(path);
    p->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    if (p->fd < 0) die("/dev/net/tun");
    struct ifreq ifr = {0};
    snprintf(ifr.ifr_name, IFNAMSIZ, "%s", iface);
    ifr.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
    if (ioctl(p->fd, TUNSETIFF, &ifr)) die("TUNSETIFF");
    int size = HEAD;
    ioctl(p->fd, TUNSETVNETHDRSZ, &size);
    if (setns(self, CLONE_NEWNET)) die("setns");
    close(self);
    close(other);
    snprintf(p->name, sizeof p->name, "%s", netns);
}

static void configure(const char *file) {
    FILE *f = fopen(file, "r");
    char name[64];
    double delay, rate, loss;
    if (!f) die(file);
    while (fscanf(f, "%63s %lf %lf %lf", name, &delay, &rate, &loss) == 4)
        for (int i = 0; i < count; i++)
            if (!strcmp(name, ports[i].name)) {
                ports[i].delay = (int64_t) (delay * 1000);
                ports[i].ns_per_byte = rate > 0 ? 8000.0 / rate : 0;
                ports[i].loss = loss / 100;
            }
    fclose(f);
    /* A frame that is lost must be one packet, not 64 KiB of them. */
    int lossy = 0;
    for (int i = 0; i < count; i++) lossy |= ports[i].loss > 0;
    for (int i = 0; i < count; i++)
        ioctl(ports[i].fd, TUNSETOFFLOAD, lossy ? TUN_F_CSUM : TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6);
    fprintf(stderr, "linkd: %d ports configured\n", count);
}

static void learn(const uint8_t *mac, int port) {
    for (int i = 0; i < known; i++)
        if (!memcmp(learnt[i].mac, mac, 6)) {
            learnt[i].port = port;
            return;
        }
    if (known < MACS) {
        memcpy(learnt[known].mac, mac, 6);
        learnt[known++].port = port;
    }
}

static int find(const uint8_t *mac) {
    for (int i = 0; i < known; i++)
        if (!memcmp(learnt[i].mac, mac, 6)) return learnt[i].port;
    return -1;
}

/* The time that a frame of so many bytes, with HEAD, takes on a port's link. */
static int64_t duration(const struct port *p, int length) {
    int payload = length - HEAD;
    return (int64_t) ((payload + (payload > 1514 ? (payload - 1) / 1448 * 66 : 0)) * p->ns_per_byte);
}

/* Queues a frame that began at a time, and took some time, on its sender's link. */
static void send_to(struct port *to, const struct port *from, const uint8_t *bytes, int length, int64_t start, int64_t took) {
    if (to->loss > 0 && uniform() < to->loss) return;
    if (to->tail - to->head >= SLOTS || to->queued + length > MOST_QUEUED) return;
    int64_t begin = start > to->down_free ? start : to->down_free;
    int64_t end = begin + duration(to, length);
    if (end < start + took) end = start + took;
    to->down_free = end;
    struct frame *f = &to->queue[to->tail++ % SLOTS];
    f->at = end + from->delay / 2 + to->delay / 2;
    f->length = length;
    f->bytes = spares ? spare[--spares] : malloc(FRAME);
    if (!f->bytes) die("malloc");
    memcpy(f->bytes, bytes, length);
    to->queued += length;
}

/* Takes a frame from a port; returns 0 when there is none, or its interface is down. */
static int receive(int from) {
    static uint8_t frame[FRAME];
    struct port *p = &ports[from];
    int length = read(p->fd, frame, sizeof frame);
    if (length < 0) return 0;
    if (length < HEAD + 14) return 1;
    if (p->loss > 0 && uniform() < p->loss) return 1;
    int64_t t = now();
    int64_t took = duration(p, length);
    int64_t start = t > p->up_free ? t : p->up_free;
    p->up_free = start + took;
    uint8_t *ethernet = frame + HEAD;
    learn(ethernet + 6, from);
    int to = ethernet[0] & 1 ? -1 : find(ethernet); /* an odd first byte: a broadcast */
    for (int i = 0; i < count; i++)
        if (i != from && (to < 0 || i == to)) send_to(&ports[i], p, frame, length, start, took);
    return 1;
}

static void deliver(struct port *p, int64_t t) {
    while (p->head != p->tail) {
        struct frame *f = &p->queue[p->head % SLOTS];
        if (f->at > t) return;
        if (write(p->fd, f->bytes, f->length) < 0) { /* its interface is down: the frame is lost */
        }
        p->queued -= f->length;
        if (spares < SLOTS)
            spare[spares++] = f->bytes;
        else
            free(f->bytes);
        p->head++;
    }
}

int main(int argc, char **argv) {
    if (argc < 3 || argc > PORTS + 2) {
        fprintf(stderr, "usage: linkd CONF NETNS:IFACE... (%d at most)\n", PORTS);
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        char *colon = strchr(argv[i], ':');
        if (!colon) die(argv[i]);
        *colon = 0;
        open_port(&ports[count++], argv[i], colon + 1);
    }
    signal(SIGHUP, on_signal);
    prctl(PR_SET_TIMERSLACK, 1);
    struct sched_param priority = {.sched_priority = 50};
    sched_setscheduler(0, SCHED_FIFO, &priority); /* where it may not, it runs like others */
    struct pollfd fds[PORTS];
    for (;;) {
        if (reread) {
            reread = 0;
            configure(argv[1]);
        }
        int64_t t = now(), next = t + LONGEST_WAIT;
        for (int i = 0; i < count; i++) {
            struct port *p = &ports[i];
            deliver(p, t);
            if (p->head != p->tail && p->queue[p->head % SLOTS].at < next) next = p->queue[p->head % SLOTS].at;
            fds[i] = (struct pollfd) {.fd = p->fd, .events = POLLIN};
        }
        int64_t wait = next - now();
        if (wait < 0) wait = 0;
        struct timespec ts = {wait / 1000000000LL, wait % 1000000000LL};
        int ready = ppoll(fds, count, &ts, NULL);
        if (ready < 0 && errno != EINTR) die("ppoll");
        for (int i = 0; ready > 0 && i < count; i++)
            if (fds[i].revents & POLLIN) {
                for (int n = 0; n < 16 && receive(i); n++) {
                }
            } else if (fds[i].revents & (POLLERR | POLLHUP)) {
                usleep(200); /* the interface is down */
            }
    }
}
