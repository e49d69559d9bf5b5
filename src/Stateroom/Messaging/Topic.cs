namespace Stateroom.Messaging;

/// <summary>What kind of change a client may listen for.</summary>
public enum TopicKind
{
    /// <summary>The list of tools.</summary>
    Tools = 0,

    /// <summary>The list of prompts.</summary>
    Prompts,

    /// <summary>The list of resources.</summary>
    Resources,

    /// <summary>One resource.</summary>
    Resource,
}

/// <summary>Something that clients may listen for.</summary>
/// <param name="Kind">What kind of change.</param>
/// <param name="Uri">Which resource, for <see cref="TopicKind.Resource"/>; otherwise null.</param>
public sealed record Topic(TopicKind Kind, string? Uri = null);
