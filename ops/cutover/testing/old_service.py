"""Stands in for an old service: holds its session file open as Telethon does, and answers on its port."""
import http.server
import sqlite3
import sys

port, session = int(sys.argv[1]), sys.argv[2]
database = sqlite3.connect(session)
database.execute("select count(*) from entities").fetchone()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"the old service")


http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
