using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Stateroom.Administration;
using Stateroom.Redis.Connection;
using Stateroom.Redis.Diagnostics;
using Stateroom.Redis.Scripts;
using Stateroom.Sessions;

namespace Stateroom.Redis.Administration;

/// <summary>
/// Lists the instances by a set in which each enters itself with its heartbeat, and from which those lapse that fell silent. A member is what the instance says of
/// itself, as JSON: a reader leaves out what it does not know.
/// </summary>
internal sealed class RedisInstanceDirectory(
    RedisCommands commands, ScriptRunner runner, RedisKeys keys, IOptions<RedisSessionOptions> options, ILogger<RedisInstanceDirectory> logger) : IInstanceDirectory
{
    private static readonly RedisScript Entering = new("Enter");
    private static readonly RedisScript Listing = new("List");

    private readonly RedisValue _stands = (long)options.Value.InstanceTimeout.TotalMilliseconds;

    /// <summary>Enters an instance, or renews its entry. That it fails harms nobody but administration: the set may lie on another node of a cluster than what counts.</summary>
    public async Task EnterAsync(InstanceSummary instance, CancellationToken cancellationToken)
    {
        try
        {
            await runner.RunAsync(Entering, [keys.Instances], [default, _stands, 0, Member(instance)], cancellationToken);
        }
        catch (SessionStoreUnavailableException exception)
        {
            Log.InstanceNotListed(logger, exception);
        }
    }

    public Task LeaveAsync(InstanceSummary instance, CancellationToken cancellationToken) =>
        commands.RunAsync(database => database.SortedSetRemoveAsync(keys.Instances, Member(instance)), cancellationToken);

    public async ValueTask<IReadOnlyList<InstanceSummary>> ListInstancesAsync(CancellationToken cancellationToken)
    {
        var reply = await runner.RunAsync(Listing, [keys.Instances], [default], cancellationToken);
        return [.. reply.List(2).Select(member => Read((byte[])member!)).OfType<InstanceSummary>()];
    }

    private static byte[] Member(InstanceSummary instance) => JsonSerializer.SerializeToUtf8Bytes(instance, InstanceJson.Default.InstanceSummary);

    private static InstanceSummary? Read(byte[] member)
    {
        try
        {
            return JsonSerializer.Deserialize(member, InstanceJson.Default.InstanceSummary);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(InstanceSummary))]
internal sealed partial class InstanceJson : JsonSerializerContext;
