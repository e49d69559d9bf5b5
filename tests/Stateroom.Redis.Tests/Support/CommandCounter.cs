using StackExchange.Redis;
using StackExchange.Redis.Profiling;

namespace Stateroom.Redis.Tests.Support;

/// <summary>Counts the commands that the calls of one test send over an instance's connection.</summary>
internal sealed class CommandCounter
{
    private readonly AsyncLocal<ProfilingSession?> _session = new();

    private CommandCounter(IConnectionMultiplexer multiplexer)
    {
        multiplexer.RegisterProfiler(() => _session.Value);
        _session.Value = new();
    }

    public static CommandCounter Start(RedisInstance instance) =>
        instance.Connection.GetAsync() is { IsCompletedSuccessfully: true, Result: var multiplexer }
            ? new(multiplexer)
            : throw new InvalidOperationException("Use the instance before its commands are counted.");

    /// <summary>The commands since the last time, in their order.</summary>
    public IReadOnlyList<string> Take()
    {
        var commands = _session.Value!.FinishProfiling().Select(c => c.Command).ToList();
        _session.Value = new();
        return commands;
    }
}
