namespace Stateroom.AspNetCore.Authorization;

/// <summary>What a server offers: a tool, a prompt, a resource or a template of resources.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Name">The name of a tool or prompt, the URI of a resource, the URI template of many. It may be one that a client made up.</param>
public readonly record struct Feature(FeatureKind Kind, string Name);

/// <summary>The kinds of things that a server offers.</summary>
public enum FeatureKind
{
    /// <summary>A tool, by its name.</summary>
    Tool,

    /// <summary>A prompt, by its name.</summary>
    Prompt,

    /// <summary>A resource, by its URI. One that a template stands for is asked for by both: neither may be hidden.</summary>
    Resource,

    /// <summary>A template of resources, by its URI template.</summary>
    ResourceTemplate,
}
