"""Runs a command in a terminal of its own. Reads {"argv": [...], "steps": [[expected, typed], ...]} from standard input,
types each text once the expected one was printed, and prints {"code": ..., "printed": ...}; 30 seconds at most."""
import fcntl, json, os, pty, select, struct, sys, termios, time

task = json.load(sys.stdin)
child, terminal = pty.fork()
if child == 0:
    os.execv(task["argv"][0], task["argv"])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
printed, seen, steps, end = b"", 0, list(task["steps"]), time.monotonic() + 30
while time.monotonic() < end:
    if not select.select([terminal], [], [], 0.1)[0]:
        continue
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    printed += chunk
    if steps and steps[0][0].encode() in printed[seen:]:
        seen = len(printed)
        time.sleep(0.05)
        os.write(terminal, steps.pop(0)[1].encode())
else:
    os.kill(child, 9)
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
json.dump({"code": code, "printed": printed.decode(errors="replace")}, sys.stdout)
