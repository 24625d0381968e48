"""Runs a command and tells what it and everything it started cost: python measure.py REPORT.json -- COMMAND...

A plain wait sees neither a JVM that its launcher orphaned nor workers of workers. So this process adopts orphans
(PR_SET_CHILD_SUBREAPER, Linux) and waits for all of them; RUSAGE_CHILDREN then holds the CPU seconds of the whole tree.
Peak memory is the largest sum over the tree, sampled ten times a second, and at least the largest single process.
"""
import ctypes, json, os, resource, sys, threading, time

PR_SET_CHILD_SUBREAPER = 36

def tree_rss(root):
    children, rss = {}, {}
    for name in os.listdir("/proc"):
        if not name.isdigit(): continue
        try:
            with open(f"/proc/{name}/stat", "rb") as f: fields = f.read().rsplit(b")", 1)[1].split()
        except OSError: continue    # it is gone
        children.setdefault(int(fields[1]), []).append(int(name)); rss[int(name)] = int(fields[21]) * resource.getpagesize()
    total, todo = 0, list(children.get(root, []))
    while todo:
        pid = todo.pop(); total += rss.get(pid, 0); todo += children.get(pid, [])
    return total

def main():
    report, command = sys.argv[1], sys.argv[3:]
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    start, pid = time.monotonic(), os.fork()
    if pid == 0: os.execvp(command[0], command)
    peak, done = 0, threading.Event()
    def sample():
        nonlocal peak
        while not done.wait(0.1): peak = max(peak, tree_rss(os.getpid()))
    sampler = threading.Thread(target=sample); sampler.start()
    status = 0
    while True:
        try: child, code = os.wait()
        except ChildProcessError: break
        if child == pid: status = os.waitstatus_to_exitcode(code)
    done.set(); sampler.join()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(report, "w") as f:
        json.dump({"exit": status, "wall_seconds": time.monotonic() - start, "cpu_seconds": usage.ru_utime + usage.ru_stime,
                   "peak_rss_bytes": max(peak, usage.ru_maxrss * 1024)}, f)
    sys.exit(status if status >= 0 else 1)

main()
