using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Stateroom.AspNetCore.Tests.Stateless;

public sealed class LogTests
{
    [Fact]
    public async Task No_handle_and_no_argument_is_logged()
    {
        using var log = new Collector();
        string handle;
        await using (var host = await StatelessHost.StartAsync(o => o.SessionTools = true, logging: b => b.AddProvider(log).SetMinimumLevel(LogLevel.Debug)))
        {
            var client = host.Client(Person.AcmeAlice);
            handle = (await client.CallAsync("count_and_fail")).Handle!;
            await client.CallAsync("note", new() { ["length"] = 300_000, ["session"] = handle });
            await client.CallAsync("ask", new() { ["topic"] = "a private matter", ["session"] = handle });
            await client.CallAsync("close_session", new() { ["session"] = handle });
            await client.CallAsync("count", new() { ["session"] = handle });
        }

        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines, l => l.Contains(handle, StringComparison.Ordinal) || l.Contains("a private matter", StringComparison.Ordinal));
    }

    private sealed class Collector : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // What the SDK itself writes at Trace holds whole messages; that level is for developers alone.
            if (logLevel > LogLevel.Trace)
            {
                Lines.Enqueue($"{formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
