#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A client of the daemon's own socket that speaks D-Bus by hand, as badly as it is told to.

peer.py SOCKET listen     prints what comes, as it comes
peer.py SOCKET deaf       never reads, until it is ended
peer.py SOCKET flood      asks and asks and never reads, until it is thrown out
peer.py SOCKET many N     opens N connections, and says how many were taken
peer.py SOCKET mute       connects, and says nothing at all
"""
import os
import socket
import struct
import sys
import time


def connect(path):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    return connection


def authenticate(connection, first=b''):
    connection.sendall(b'\0AUTH EXTERNAL ' + str(os.geteuid()).encode().hex().encode() + b'\r\n')
    answer = connection.recv(4096)
    if not answer.startswith(b'OK'):
        raise ConnectionError(answer)
    connection.sendall(b'BEGIN\r\n' + first)


def padded(data, size):
    return data + b'\0' * (-len(data) % size)


def header_field(code, signature, text):
    return bytes([code, 1]) + signature + b'\0' + struct.pack('<I', len(text)) + text + b'\0'


def method_call(serial, path, interface, member):
    fields = b''
    for code, signature, text in ((1, b'o', path), (2, b's', interface), (3, b's', member)):
        fields = padded(fields, 8) + header_field(code, signature, text)
    return padded(struct.pack('<cBBBIII', b'l', 1, 0, 1, 0, serial, len(fields)) + fields, 8)


def flood(connection):
    serial = 0
    try:
        while True:
            serial += 1
            connection.sendall(method_call(serial, b'/io/tunneld', b'org.freedesktop.DBus.Introspectable', b'Introspect'))
    except (BrokenPipeError, ConnectionResetError):
        print('thrown out after', serial)


def many(path, number):
    connections = []
    for _ in range(number):
        connection = connect(path)
        try:
            authenticate(connection)
            connections.append(connection)
        except (ConnectionError, OSError):
            pass
    print(len(connections), flush=True)
    time.sleep(3600)


def main(path, mode, *arguments):
    if mode == 'many':
        many(path, int(arguments[0]))
    connection = connect(path)
    if mode == 'mute':
        time.sleep(3600)
    # the answer says that the daemon listens, too; and what comes along with BEGIN is heard
    authenticate(connection, method_call(1, b'/io/tunneld', b'org.freedesktop.DBus.Peer', b'Ping') if mode == 'listen' else b'')
    if mode == 'flood':
        flood(connection)
    while mode == 'listen':
        data = connection.recv(65536)
        if not data:
            break
        os.write(1, data)
    if mode == 'deaf':
        time.sleep(3600)


main(*sys.argv[1:])
