using System.Text.Json.Serialization;

namespace Stateroom.Tests.State;

public enum Units
{
    Metric,
    Imperial,
}

public sealed record Counter
{
    public int Count { get; init; }
}

public sealed record Weather
{
    public Units Units { get; init; }

    public string? City { get; init; }
}

public sealed record Basket<T>
{
    public IReadOnlyList<T> Items { get; init; } = [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Weather))]
public sealed partial class SampleContext : JsonSerializerContext;
