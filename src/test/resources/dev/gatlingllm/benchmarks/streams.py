"""Opens streams to a chat completions endpoint until it is ended: on each, one response after another.

streams.py KIND version [FILE]
    prints what would run, or fails if it is not installed
streams.py KIND URL STREAMS SHORTEST LONGEST [FILE]
    runs; responses have SHORTEST to LONGEST tokens

KIND is aiohttp, which notes when bytes arrive and does nothing else, or vllm, the request function of
vLLM's own benchmark. FILE is vLLM's endpoint_request_func.py, for where the vllm package is not
installed.
"""

import asyncio
import importlib.util
import random
import sys
import time

import aiohttp


async def read(session, url, tokens):
    body = {
        "model": "simulated",
        "messages": [{"role": "user", "content": "Tell me more."}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": tokens,
    }
    arrivals = []
    async with session.post(url, json=body) as response:
        response.raise_for_status()
        async for _ in response.content.iter_any():
            arrivals.append(time.perf_counter())


def vllm_functions(file):
    if file is None:
        return importlib.import_module("vllm.benchmarks.lib.endpoint_request_func")
    spec = importlib.util.spec_from_file_location("endpoint_request_func", file)
    module = importlib.util.module_from_spec(spec)
    # its dataclasses look their module up
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def vllm_read(functions):
    async def read_as_vllm(session, url, tokens):
        output = await functions.async_request_openai_chat_completions(
            functions.RequestFuncInput(
                prompt="Tell me more.",
                api_url=url,
                prompt_len=3,
                output_len=tokens,
                model="simulated",
            ),
            session,
        )
        if not output.success:
            raise RuntimeError(output.error)

    return read_as_vllm


async def stream(function, session, url, shortest, longest):
    while True:
        await function(session, url, random.randint(shortest, longest))


async def run(function, url, streams, shortest, longest):
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=600)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        await asyncio.gather(
            *(stream(function, session, url, shortest, longest) for _ in range(streams))
        )


def main(kind, order, *others):
    is_version = order == "version"
    numbers, rest = ([], others) if is_version else (others[:3], others[3:])
    function = vllm_read(vllm_functions(rest[0] if rest else None)) if kind == "vllm" else read
    if is_version:
        print(aiohttp.__version__)
    else:
        asyncio.run(run(function, order, *map(int, numbers)))


main(*sys.argv[1:])
