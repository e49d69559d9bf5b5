using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Stateroom.AspNetCore.Auditing;
using Stateroom.AspNetCore.Endpoint;

namespace Stateroom.AspNetCore.Administration;

/// <summary>
/// Serves the page of administration: the files of the folder Page, which hold no data. Anybody may load them, as a browser has no credential to show before the page
/// has asked for one; all that the page then shows comes from the administration's own requests.
/// </summary>
internal static class AdministrationPage
{
    private const string Folder = "Administration.Page/";
    private const string Index = "index.html";

    /// <summary>Only what this server serves, nothing inline, and in nobody's frame.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly string[] _methods = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(RouteGroupBuilder group, SessionEndpointOptions options)
    {
        var door = new FrontDoor(options);
        foreach (var resource in typeof(AdministrationPage).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)))
        {
            var name = resource[Folder.Length..];
            var file = Read(resource);
            group.MapMethods(name == Index ? "/" : $"/{name}", _methods, context => ServeAsync(context, door, name, file)).AllowAnonymous().WithDisplayName($"Administration: {name}");
        }
    }

    private static async Task ServeAsync(HttpContext context, FrontDoor door, string name, PageFile file)
    {
        if (door.FindObjection(context) is { } objection)
        {
            Refusal.Note(context, RefusalKind.FrontDoor, objection);
            await AdministrationReply.ProblemAsync(context, StatusCodes.Status403Forbidden, objection);
            return;
        }

        if (name == Index && $"{context.Request.PathBase.Value}{context.Request.Path.Value}" is var path && !path.EndsWith('/'))
        {
            // The page names its files relative to itself. So does this, as a proxy may have taken a part of the path away.
            context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
            context.Response.Headers.Location = $"./{Uri.EscapeDataString(path[(path.LastIndexOf('/') + 1)..])}/";
            return;
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-cache";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        await Results.Bytes(file.Bytes, ContentTypeOf(name), entityTag: file.Tag).ExecuteAsync(context);
    }

    private static PageFile Read(string resource)
    {
        using var stream = typeof(AdministrationPage).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new(bytes, new($"\"{Base64Url.EncodeToString(SHA256.HashData(bytes).AsSpan(0, 12))}\""));
    }

    private static string ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"A page has no files that end with {other}."),
    };

    private sealed record PageFile(byte[] Bytes, EntityTagHeaderValue Tag);
}
