using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>Something that a request names, and what is registered under that name.</summary>
/// <param name="Feature">What it is.</param>
/// <param name="Primitive">What is registered; null where a handler of the host's answers, or nobody.</param>
/// <param name="UriTemplate">The template that stands for it, where it is a resource that has one: then it is both.</param>
internal readonly record struct Offer(Feature Feature, IMcpServerPrimitive? Primitive, Feature? UriTemplate = null)
{
    public static Offer Tool(string name, McpServerOptions server) =>
        new(new(FeatureKind.Tool, name), server.ToolCollection is { } tools && tools.TryGetPrimitive(name, out var tool) ? tool : null);

    public static Offer Prompt(string name, McpServerOptions server) =>
        new(new(FeatureKind.Prompt, name), server.PromptCollection is { } prompts && prompts.TryGetPrimitive(name, out var prompt) ? prompt : null);

    public static Offer Template(string template, McpServerOptions server) =>
        new(new(FeatureKind.ResourceTemplate, template), server.ResourceCollection is { } resources && resources.TryGetPrimitive(template, out var found) ? found : null);

    /// <summary>
    /// Found as the SDK finds it: by the URI itself, or else by the first template that fits. What is registered goes by the URI that it is registered under:
    /// a client may write the same one in other ways (RFC 3986, section 6).
    /// </summary>
    public static Offer Resource(string uri, McpServerOptions server)
    {
        var resource = new Feature(FeatureKind.Resource, uri);
        if (server.ResourceCollection is not { } resources)
        {
            return new(resource, null);
        }

        var found = resources.TryGetPrimitive(uri, out var exact) && !exact.IsTemplated ? exact : resources.FirstOrDefault(candidate => candidate.IsMatch(uri));
        return found is { IsTemplated: true }
            ? new(resource, found, new(FeatureKind.ResourceTemplate, found.ProtocolResourceTemplate.UriTemplate))
            : new(found is null ? resource : new(FeatureKind.Resource, found.ProtocolResource?.Uri ?? uri), found);
    }
}
