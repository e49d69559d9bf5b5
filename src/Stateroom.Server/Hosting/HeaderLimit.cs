using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Stateroom.Server.Hosting;

/// <summary>How much a request may say in its headers, before anybody knows whose it is.</summary>
internal sealed class HeaderOptions
{
    /// <summary>How large all headers of a request together may be, in bytes; the web server answers a larger one with 431. Default 32,768 (32 KiB); 1,024 to 1,048,576.</summary>
    public int MaxHeaderBytes { get; set; } = 32 * 1024;
}

/// <summary>Gives the limit to the web server.</summary>
internal static class HeaderLimit
{
    public static void AddHeaderLimit(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<HeaderOptions>(Access.Section)
            .Validate(
                options => options.MaxHeaderBytes is >= 1024 and <= 1024 * 1024,
                $"{Access.Section}:{nameof(HeaderOptions.MaxHeaderBytes)} is out of range. Set it to at least 1024 and at most 1048576.");
        builder.Services.AddOptions<KestrelServerOptions>()
            .Configure<IOptions<HeaderOptions>>((kestrel, headers) => kestrel.Limits.MaxRequestHeadersTotalSize = headers.Value.MaxHeaderBytes);
    }
}
