using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Stateroom.Administration;
using Stateroom.ContractTests;
using Stateroom.Limits;
using Stateroom.Redis.Administration;
using Stateroom.Redis.Connection;
using Stateroom.Redis.Limits;
using Stateroom.Redis.Messaging;
using Stateroom.Redis.Scripts;
using Stateroom.Redis.Sessions;
using Stateroom.Sessions;

namespace Stateroom.Redis.Tests.Support;

/// <summary>The Redis parts of one instance, with a connection of its own.</summary>
internal sealed class RedisInstance : IAsyncDisposable
{
    public RedisInstance(string configuration, string prefix, SessionOptions sessions, Action<RedisSessionOptions>? configure = null, IConnectionMultiplexer? given = null, LimitOptions? limits = null)
    {
        var redis = new RedisSessionOptions { Configuration = configuration, KeyPrefix = prefix, CallTimeout = TimeSpan.FromSeconds(20) };
        configure?.Invoke(redis);
        var options = Options.Create(redis);
        Keys = new(redis.KeyPrefix);
        Connection = new(options, TimeProvider.System, NullLogger<RedisConnection>.Instance, given);
        Commands = new(Connection, options, TimeProvider.System);
        Runner = new(Commands, TimeProvider.System);
        var limited = Options.Create(limits ?? new LimitOptions());
        Store = new(Commands, Runner, Keys, Options.Create(sessions), NullLogger<RedisSessionStore>.Instance, limited);
        Admission = new(Runner, Keys, limited, TimeProvider.System, NullLogger<RedisAdmission>.Instance);
        Outbox = new(Commands, Runner, Keys, Options.Create(sessions));
        Readers = new(Commands, Runner, Keys, Options.Create(sessions));
        Directory = new(Commands, Runner, Keys, Options.Create(sessions), NullLogger<RedisSessionDirectory>.Instance);
        Instances = new(Commands, Runner, Keys, options, NullLogger<RedisInstanceDirectory>.Instance);
        Backplane = new(Connection, Commands, Keys, Instances, options, TimeProvider.System, NullLogger<RedisSessionBackplane>.Instance);
    }

    public RedisKeys Keys { get; }

    public RedisConnection Connection { get; }

    public RedisCommands Commands { get; }

    public ScriptRunner Runner { get; }

    public RedisSessionStore Store { get; }

    public RedisAdmission Admission { get; }

    public RedisSessionOutbox Outbox { get; }

    public RedisStreamReaders Readers { get; }

    public RedisSessionDirectory Directory { get; }

    public RedisInstanceDirectory Instances { get; }

    public RedisSessionBackplane Backplane { get; }

    public SessionDirectoryContract.Parts Parts => new(Store, Outbox, Readers, Backplane, Directory);

    /// <summary>What ends sessions, as it is registered.</summary>
    public static ISessionAdministration Administration(SessionDirectoryContract.Parts parts) =>
        new ServiceCollection().AddLogging().AddStateroom().AddSingleton(parts.Store).AddSingleton(parts.Outbox).AddSingleton(parts.Backplane).AddSingleton(parts.Directory)
            .BuildServiceProvider().GetRequiredService<ISessionAdministration>();

    public RedisSessionBackplane StartBackplane()
    {
        Backplane.Start();
        return Backplane;
    }

    public async ValueTask DisposeAsync()
    {
        Admission.Dispose();
        await Backplane.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
