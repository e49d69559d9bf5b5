using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Tests.Authentication;

/// <summary>The caller's token goes no further: neither to a service that a tool calls, nor into a log.</summary>
public sealed class PassThroughTests
{
    [Fact]
    public async Task A_tool_that_calls_a_service_does_not_send_the_callers_token()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var upstream = builder.Build();
        var seen = new ConcurrentQueue<string>();
        upstream.Run(context =>
        {
            seen.Enqueue($"{context.Request.QueryString} {string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}: {header.Value}"))}");
            return context.Response.WriteAsync("fine", TestContext.Current.CancellationToken);
        });
        await upstream.StartAsync(TestContext.Current.CancellationToken);

        var log = new Lines();
        await using var server = await ResourceServer.StartAsync(
            host =>
            {
                host.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);
                host.Services.AddHttpContextAccessor();
                host.Services.AddHttpClient<Forecaster>(client => client.BaseAddress = new Uri(upstream.Urls.Single()));
            },
            mcp => mcp.WithTools<ForecastTools>());
        var token = server.Token();
        using var client = await server.Client(token).OpenAsync();
        Assert.Equal("fine", await client.CallTextAsync("forecast"));
        using var stateless = await server.StatelessAsync(token, "tools/call", new() { ["name"] = "forecast", ["arguments"] = new JsonObject() });
        Assert.Contains("fine", await stateless.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var refused = await server.PostAsync($"Bearer {server.Token(changes: new() { ["aud"] = "https://other.example" })}");

        Assert.Equal(2, seen.Count);
        Assert.All(seen, request => Assert.DoesNotContain("Authorization", request, StringComparison.OrdinalIgnoreCase));
        var parts = token.Split('.');
        Assert.All(seen.Concat(log.Written), text => Assert.All(parts, part => Assert.DoesNotContain(part, text, StringComparison.Ordinal)));
        Assert.NotEmpty(log.Written);
    }

    [McpServerToolType]
    internal sealed class ForecastTools
    {
        /// <summary>Also asks for the token where ASP.NET Core would keep it.</summary>
        [McpServerTool(Name = "forecast")]
        public static async Task<string> Forecast(Forecaster forecaster, IHttpContextAccessor http, CancellationToken cancellationToken)
        {
            var kept = http.HttpContext is { } context ? await Microsoft.AspNetCore.Authentication.AuthenticationHttpContextExtensions.GetTokenAsync(context, "access_token") : null;
            return await forecaster.AskAsync(kept, cancellationToken);
        }
    }

    internal sealed class Forecaster(HttpClient http)
    {
        public Task<string> AskAsync(string? kept, CancellationToken cancellationToken) => http.GetStringAsync(new Uri($"/?kept={kept}", UriKind.Relative), cancellationToken);
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Written { get; } = new();

        public ILogger CreateLogger(string categoryName) =>
            // The SDK's own log repeats messages, and hosts switch it off; headers of requests stay out of every other one.
            categoryName.StartsWith("ModelContextProtocol", StringComparison.Ordinal) ? Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance : this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
