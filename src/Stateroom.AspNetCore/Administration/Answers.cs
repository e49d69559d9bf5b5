using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Stateroom.Administration;

namespace Stateroom.AspNetCore.Administration;

/// <summary>What the eras are called in requests and answers.</summary>
internal static class EraNames
{
    public const string Handshake = "handshake";
    public const string Stateless = "stateless";
}

internal sealed record InstanceList(IReadOnlyList<InstanceAnswer> Instances);

/// <param name="Id">The instance's name, as the streams of sessions have it.</param>
/// <param name="Host">The machine or the container that it runs on.</param>
/// <param name="Version">The version of the application.</param>
/// <param name="StartedAt">When its process was started.</param>
/// <param name="Answers">Whether it is the one that gave this answer.</param>
internal sealed record InstanceAnswer(string Id, string Host, string? Version, DateTime StartedAt, bool Answers);

internal sealed record TenantList(IReadOnlyList<TenantAnswer> Tenants, string? NextCursor);

/// <param name="Tenant">The name; null for anonymous callers.</param>
/// <param name="Path">What names the tenant in a path.</param>
/// <param name="Fingerprint">What the audit log shows in place of the name.</param>
/// <param name="Sessions">How many live sessions it has.</param>
/// <param name="SessionsByEra">How many of them are of which era.</param>
/// <param name="Limits">How much of its limits it uses.</param>
internal sealed record TenantAnswer(
    string? Tenant, string Path, string Fingerprint, int Sessions, EraAnswer SessionsByEra, IReadOnlyList<LimitUsage> Limits);

internal sealed record EraAnswer(int Handshake, int Stateless);

internal sealed record SessionList(IReadOnlyList<SessionAnswer> Sessions, string? NextCursor);

/// <param name="Reference">What administration calls the session.</param>
/// <param name="Tenant">The tenant's name; null for anonymous callers.</param>
/// <param name="TenantPath">What names the tenant in a path.</param>
/// <param name="Owner">The owner's name; null for anonymous callers.</param>
/// <param name="OwnerFingerprint">What the audit log shows in place of the name.</param>
/// <param name="Era">The era of the protocol.</param>
/// <param name="Client">What the client said of itself; null where it is known at each request only, or cannot be read here.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="LastActiveAt">When it was last used.</param>
/// <param name="ExpiresAt">When it is over unless it is used again.</param>
/// <param name="StateBytes">How many bytes of state it holds.</param>
/// <param name="ClientBytes">How many bytes are kept of what the client said of itself.</param>
/// <param name="Streams">Its open streams.</param>
internal sealed record SessionAnswer(
    string Reference,
    string? Tenant,
    string TenantPath,
    string? Owner,
    string OwnerFingerprint,
    string Era,
    ClientAnswer? Client,
    DateTime CreatedAt,
    DateTime LastActiveAt,
    DateTime ExpiresAt,
    long StateBytes,
    int ClientBytes,
    IReadOnlyList<StreamAnswer> Streams);

internal sealed record ClientAnswer(string? Name, string? Version, string ProtocolVersion);

/// <param name="Kind"><c>request</c> or <c>general</c>.</param>
/// <param name="Instance">The instance that runs the request, or at which the general stream is read.</param>
internal sealed record StreamAnswer(string Kind, string Instance);

internal sealed record EndedAnswer(int Ended);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InstanceList))]
[JsonSerializable(typeof(TenantList))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(EndedAnswer))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class AnswerJson : JsonSerializerContext;
