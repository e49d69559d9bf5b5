using System.Text.Json.Nodes;

namespace Stateroom.Cli.Verify.Profiles;

/// <summary>What a server has that can be checked. What is left out is not checked, and the report says so.</summary>
internal sealed record Profile
{
    /// <summary>What it describes.</summary>
    public required string Name { get; init; }

    /// <summary>A number of the session that a tool raises by one.</summary>
    public CounterProfile? Counter { get; init; }

    /// <summary>Texts of the session that are saved under keys.</summary>
    public PlacesProfile? Places { get; init; }

    /// <summary>A setting of the session that is one of a few values.</summary>
    public ChoiceProfile? Choice { get; init; }

    /// <summary>A tool that asks its user to choose.</summary>
    public QuestionProfile? Question { get; init; }

    /// <summary>How the stateless era names sessions; left out, the server is checked in the handshake era only.</summary>
    public HandleProfile? Handle { get; init; }

    /// <summary>The cheapest call that reads something of the session.</summary>
    public ToolProfile AnyRead => Choice?.Read ?? Counter?.Read ?? Places?.List ?? Counter!.Increment;
}

/// <summary>A counter.</summary>
internal sealed record CounterProfile
{
    /// <summary>Adds one. Its <c>value</c>, where given, tells the number after it.</summary>
    public required ToolProfile Increment { get; init; }

    /// <summary>Tells the number.</summary>
    public ToolProfile? Read { get; init; }

    /// <summary>The number at the beginning. Default 0.</summary>
    public long Initial { get; init; }
}

/// <summary>Texts under keys.</summary>
internal sealed record PlacesProfile
{
    /// <summary>Saves <c>{value}</c> under <c>{key}</c>.</summary>
    public required ToolProfile Save { get; init; }

    /// <summary>Removes <c>{key}</c>.</summary>
    public ToolProfile? Forget { get; init; }

    /// <summary>Lists them all.</summary>
    public required ListProfile List { get; init; }
}

/// <summary>A tool that lists.</summary>
internal sealed record ListProfile : ToolProfile
{
    /// <summary>Where its result holds the array.</summary>
    public required string Items { get; init; }

    /// <summary>Where an item holds its key.</summary>
    public required string Key { get; init; }
}

/// <summary>A setting.</summary>
internal sealed record ChoiceProfile
{
    /// <summary>Sets it to <c>{value}</c>.</summary>
    public required ToolProfile Write { get; init; }

    /// <summary>Tells it.</summary>
    public required ToolProfile Read { get; init; }

    /// <summary>What it can be.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>What it is at the beginning; null for nothing.</summary>
    public string? Initial { get; init; }
}

/// <summary>A tool that asks.</summary>
internal sealed record QuestionProfile : ToolProfile
{
    /// <summary>Where the parameters of <c>elicitation/create</c> hold the texts to choose from, at least two.</summary>
    public required string Choices { get; init; }

    /// <summary>The answer, with <c>{choice}</c> in it. The text at <c>value</c> of the result must be part of the choice, and of no other.</summary>
    public required JsonObject Answer { get; init; }
}

/// <summary>A handle of the stateless era.</summary>
internal sealed record HandleProfile
{
    /// <summary>The argument that passes it back.</summary>
    public required string Argument { get; init; }

    /// <summary>Where the result that opens the session holds it.</summary>
    public required string Result { get; init; }

    /// <summary>A call that opens a session and changes nothing that is checked.</summary>
    public required ToolProfile Open { get; init; }

    /// <summary>A call that ends it.</summary>
    public required ToolProfile Close { get; init; }
}
