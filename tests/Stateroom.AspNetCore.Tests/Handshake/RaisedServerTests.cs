using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Handshake;

namespace Stateroom.AspNetCore.Tests.Handshake;

public sealed class RaisedServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_ended_by_itself_with_messages_unread_lets_who_cancels_it_go_on()
    {
        using var loggers = new BreakingLoggers();
        await using var services = new ServiceCollection().BuildServiceProvider();
        var server = RaisedServer.Raise(new McpServerOptions { ServerInfo = new() { Name = "raised", Version = "1" } }, loggers, services, home: null);
        for (var i = 0; i < 10; i++)
        {
            server.Deliver(new JsonRpcRequest { Id = new(i), Method = RequestMethods.Ping });
        }

        await loggers.Broke.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await server.CancelAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.True(server.IsStopped);
    }

    /// <summary>A log that fails where the SDK notes that it read a message, which ends its loop.</summary>
    private sealed class BreakingLoggers : ILoggerFactory, ILogger
    {
        public TaskCompletionSource Broke { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception).Contains("message from channel", StringComparison.Ordinal))
            {
                Broke.TrySetResult();
                throw new InvalidOperationException("The disk is full.");
            }
        }

        public void Dispose()
        {
        }
    }
}
