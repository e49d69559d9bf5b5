using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Stateroom.AspNetCore.Tests.Support;

/// <summary>Keeps what is logged, and wants to know everything.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Category, LogLevel Level, string Text)> _lines = new();

    /// <summary>Follows what the SDK tells of each request.</summary>
    public static void FollowSdk(ILoggingBuilder logging) => logging.AddProvider(new LogLines()).AddFilter("ModelContextProtocol", LogLevel.Information);

    public IEnumerable<string> OfSdk(LogLevel level) =>
        from line in _lines where line.Category.StartsWith("ModelContextProtocol", StringComparison.Ordinal) && line.Level == level select line.Text;

    public ILogger CreateLogger(string categoryName) => new Lines(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Lines(LogLines all, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            all._lines.Enqueue((category, logLevel, $"{formatter(state, exception)} {exception}"));
    }
}
