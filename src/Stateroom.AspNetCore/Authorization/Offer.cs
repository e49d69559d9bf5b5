using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>Something that a request names, and what is registered under that name.</summary>
/// <param name="Features">What it is: a resource may be two, itself and the template that stands for it.</param>
/// <param name="Primitive">What is registered; null where a handler of the host's answers, or nobody.</param>
internal readonly record struct Offer(Feature[] Features, IMcpServerPrimitive? Primitive)
{
    public static Offer Tool(string name, McpServerOptions server) =>
        new([new(FeatureKind.Tool, name)], server.ToolCollection is { } tools && tools.TryGetPrimitive(name, out var tool) ? tool : null);

    public static Offer Prompt(string name, McpServerOptions server) =>
        new([new(FeatureKind.Prompt, name)], server.PromptCollection is { } prompts && prompts.TryGetPrimitive(name, out var prompt) ? prompt : null);

    public static Offer Template(string template, McpServerOptions server) =>
        new([new(FeatureKind.ResourceTemplate, template)], server.ResourceCollection is { } resources && resources.TryGetPrimitive(template, out var found) ? found : null);

    /// <summary>
    /// Found as the SDK finds it: by the URI itself, or else by the first template that fits. What is registered goes by the URI that it is registered under:
    /// a client may write the same one in other ways (RFC 3986, section 6).
    /// </summary>
    public static Offer Resource(string uri, McpServerOptions server)
    {
        var resource = new Feature(FeatureKind.Resource, uri);
        if (server.ResourceCollection is not { } resources)
        {
            return new([resource], null);
        }

        var found = resources.TryGetPrimitive(uri, out var exact) && !exact.IsTemplated ? exact : resources.FirstOrDefault(candidate => candidate.IsMatch(uri));
        return found is { IsTemplated: true }
            ? new([resource, new(FeatureKind.ResourceTemplate, found.ProtocolResourceTemplate.UriTemplate)], found)
            : new([found is null ? resource : new(FeatureKind.Resource, found.ProtocolResource?.Uri ?? uri)], found);
    }
}
