using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Authorization;

namespace Stateroom.AspNetCore.Tests.Authorization;

/// <summary>Something of every kind, from methods and from handlers. Whatever runs is noted.</summary>
internal static class Offerings
{
    public static ConcurrentQueue<string> Ran { get; } = new();

    public static IMcpServerBuilder WithOfferings(this IMcpServerBuilder builder) => builder
        .WithTools<Tools>()
        .WithPrompts<Prompts>()
        .WithResources<Resources>();

    /// <summary>Tools, prompts and resources that handlers answer for.</summary>
    public static IMcpServerBuilder WithHandlers(this IMcpServerBuilder builder) => builder
        .WithListToolsHandler((_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [new Tool { Name = "by_handler" }, new Tool { Name = "secret_by_handler" }] }))
        .WithCallToolHandler((request, _) => request.Params.Name is "by_handler" or "secret_by_handler"
            ? ValueTask.FromResult(new CallToolResult { Content = [new TextContentBlock { Text = Note(request.Params.Name) }] })
            : throw new McpProtocolException($"Unknown tool: '{request.Params.Name}'", McpErrorCode.InvalidParams))
        .WithListResourcesHandler((_, _) => ValueTask.FromResult(new ListResourcesResult
        {
            Resources = [new Resource { Name = "h", Uri = "handler://open" }, new Resource { Name = "s", Uri = "handler://secret" }],
        }))
        .WithReadResourceHandler((request, _) => request.Params.Uri.StartsWith("handler://", StringComparison.Ordinal) && request.Params.Uri is "handler://open" or "handler://secret"
            ? ValueTask.FromResult(new ReadResourceResult { Contents = [new TextResourceContents { Uri = request.Params.Uri, Text = Note(request.Params.Uri) }] })
            : throw new McpProtocolException(
                $"Unknown resource URI: '{request.Params.Uri}'",
                request.Server.NegotiatedProtocolVersion == "2026-07-28" ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound));

    private static string Note(string name)
    {
        Ran.Enqueue(name);
        return name;
    }

    [McpServerToolType]
    internal sealed class Tools
    {
        [McpServerTool(Name = "open_tool")]
        public static string Open() => Note("open_tool");

        [McpServerTool(Name = "write_tool"), RequiresScope("weather:write")]
        public static string Write() => Note("write_tool");

        [McpServerTool(Name = "twice_tool"), RequiresScope("weather:write weather:read"), RequiresScope("weather:more")]
        public static string Twice() => Note("twice_tool");

        [McpServerTool(Name = "hidden_tool"), RequiresScope("secret:use", Hide = true)]
        public static string Hidden(string needed) => Note(needed);

        [McpServerTool(Name = "secret_tool")]
        public static string Secret(string needed) => Note(needed);

        [McpServerTool(Name = "ruled_tool")]
        public static string Ruled() => Note("ruled_tool");
    }

    [McpServerPromptType]
    internal sealed class Prompts
    {
        [McpServerPrompt(Name = "open_prompt")]
        public static string Open([AllowedValues("alpha", "beta")] string letter) => Note(letter);

        [McpServerPrompt(Name = "secret_prompt")]
        public static string Secret([AllowedValues("gamma", "delta")] string letter) => Note(letter);

        [McpServerPrompt(Name = "write_prompt"), RequiresScope("weather:write")]
        public static string Write() => Note("write_prompt");
    }

    [McpServerResourceType]
    internal sealed class Resources
    {
        [McpServerResource(UriTemplate = "open://thing", Name = "open")]
        public static string Open() => Note("open");

        [McpServerResource(UriTemplate = "secret://thing", Name = "secret")]
        public static string Secret() => Note("secret");

        [McpServerResource(UriTemplate = "secret://many/{which}", Name = "many")]
        public static string Many([AllowedValues("one", "two")] string which) => Note(which);

        [McpServerResource(UriTemplate = "write://{which}", Name = "written"), RequiresScope("weather:write")]
        public static string Written(string which) => Note(which);
    }
}

/// <summary>Hides whatever has secret in its name from everybody but one owner.</summary>
internal sealed class NoSecrets : IFeatureVisibility
{
    public ValueTask<bool> IsVisibleAsync(Feature feature, FeatureViewer viewer, CancellationToken cancellationToken) =>
        ValueTask.FromResult(viewer.Caller.Owner == "keeper" || !feature.Name.Contains("secret", StringComparison.Ordinal));
}

/// <summary>Cannot make up its mind about secrets.</summary>
internal sealed class BrokenVisibility : IFeatureVisibility
{
    public ValueTask<bool> IsVisibleAsync(Feature feature, FeatureViewer viewer, CancellationToken cancellationToken) =>
        feature.Name.Contains("secret", StringComparison.Ordinal) ? throw new InvalidOperationException("the directory is away") : ValueTask.FromResult(true);
}
