/* A disk that can be full and that remembers what it was told to keep.
 *
 * Preloaded into redis-server. While the file $FAULT_DIR/full exists, writes to regular files fail
 * with ENOSPC. After every fdatasync that succeeded, $FAULT_DIR/synced holds the length and the name
 * of the file that was synced: all that is certain after a power failure.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *in_folder(const char *name, char *path) {
    const char *folder = getenv("FAULT_DIR");
    snprintf(path, PATH_MAX, "%s/%s", folder ? folder : "/nonexistent", name);
    return path;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    static ssize_t (*real)(int, const void *, size_t);
    char path[PATH_MAX];
    struct stat file;
    if (!real) real = dlsym(RTLD_NEXT, "write");
    if (fd > 2 && fstat(fd, &file) == 0 && S_ISREG(file.st_mode)
        && access(in_folder("full", path), F_OK) == 0) {
        errno = ENOSPC;
        return -1;
    }
    return real(fd, bytes, count);
}

int fdatasync(int fd) {
    static int (*real)(int);
    static int record = -1;
    char path[PATH_MAX], name[PATH_MAX], line[PATH_MAX + 64];
    struct stat file;
    if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    /* The length before the call: what is written during it is not promised. */
    int known = fstat(fd, &file);
    int answer = real(fd);
    if (answer == 0 && known == 0) {
        snprintf(path, PATH_MAX, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(path, name, PATH_MAX - 1);
        if (length > 0) {
            name[length] = 0;
            if (record < 0)
                record = open(in_folder("synced", path), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
            int size = snprintf(line, sizeof line, "%020lld %s\n", (long long)file.st_size, name);
            if (record >= 0 && pwrite(record, line, size, 0) != size) return -1;
        }
    }
    return answer;
}
