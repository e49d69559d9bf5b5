using System.Text.RegularExpressions;
using Stateroom.Shipping.Tests.Support;

namespace Stateroom.Shipping.Tests.Packages;

/// <summary>Somebody who has the packages and nothing else of this repository.</summary>
[Collection(SharedPackages.Name)]
public sealed partial class ConsumerTests(PackagesFixture packages)
{
    /// <summary>The sample at the top of the README, with the lines around it that make it a program.</summary>
    [Fact]
    public async Task A_project_that_restores_them_runs_the_sample_of_the_readme()
    {
        var folder = await packages.MakeFolderAsync("consumer");
        var blocks = Page.Blocks("README.md", "csharp");
        var tool = blocks[0].Split("[McpServerTool", 2);
        await File.WriteAllTextAsync(Path.Combine(folder, "WeatherTools.cs"), $$"""
            using System.ComponentModel;
            using ModelContextProtocol.Server;
            using Stateroom.State;

            public enum Units { Metric, Imperial }
            {{tool[0]}}
            public sealed class WeatherTools
            {
                [McpServerTool{{tool[1]}}
            }
            """, TestContext.Current.CancellationToken);
        var host = blocks[1].Split("app.", 2);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), $$"""
            using Stateroom.AspNetCore.Authentication;

            var builder = WebApplication.CreateBuilder(args);
            builder.Services.AddAuthorization();
            builder.Services.AddAuthentication(ApiKeyDefaults.AuthenticationScheme).AddApiKeys(options =>
            {
                options.AllowPlainKeys = true;
                options.Keys.Add(new() { Key = "acme/alice", Tenant = "acme", Owner = "alice" });
            });
            {{host[0]}}
            if (builder.Configuration.GetConnectionString("Redis") is { } redis) builder.Services.AddMcpServer().WithRedisSessions(redis);
            var app = builder.Build();
            app.UseAuthentication();
            app.UseAuthorization();
            app.{{host[1]}}
            app.Run();
            """, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "Consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <UseAppHost>false</UseAppHost>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Stateroom.AspNetCore" Version="{Version("Stateroom.AspNetCore")}" />
                <PackageReference Include="Stateroom.Redis" Version="{Version("Stateroom.Redis")}" />
              </ItemGroup>
            </Project>
            """, TestContext.Current.CancellationToken);

        await Command.RunAsync(folder, "dotnet", ["build", "--output", "out", "--nologo", "-nodeReuse:false"], packages.Environment);

        var program = Path.Combine(folder, "out", "Consumer.dll");
        await UseAsync(program);
        await using var redis = await RedisProcess.StartAsync(TestContext.Current.CancellationToken);
        await UseAsync(program, $"--ConnectionStrings:Redis=127.0.0.1:{redis.Port}");
    }

    [Fact]
    public async Task The_tool_installs_and_runs()
    {
        var folder = await packages.MakeFolderAsync("tool");
        await Command.RunAsync(folder, "dotnet", ["tool", "install", "--tool-path", folder, "Stateroom.Cli", "--version", Version("Stateroom.Cli")], packages.Environment);

        var output = await Command.RunAsync(folder, Path.Combine(folder, "stateroom"), ["key", "new"], packages.Environment);
        Assert.NotEmpty(output);
    }

    private static async Task UseAsync(string program, params string[] arguments)
    {
        await using var server = await ServerProcess.StartAsync(program, arguments);
        using var client = await new RawClient(server.Endpoint, "acme/alice").OpenAsync();
        Assert.Contains("\"preferredUnits\":\"Imperial\"", await client.CallTextAsync("set_preferred_units", """{"units":"Imperial"}"""), StringComparison.Ordinal);

        // Another client of the same owner has a room of its own.
        using var other = await new RawClient(server.Endpoint, "acme/alice").OpenAsync();
        Assert.Contains("\"preferredUnits\":\"Metric\"", await other.CallTextAsync("set_preferred_units", """{"units":"Metric"}"""), StringComparison.Ordinal);
        using var stranger = new RawClient(server.Endpoint, "nobody");
        using var refused = await stranger.SendAsync(HttpMethod.Post, RawClient.Initialize());
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private string Version(string package) =>
        Directory.EnumerateFiles(packages.Feed, "*.nupkg").Select(f => PackageFile().Match(Path.GetFileName(f))).Single(m => m.Groups[1].Value == package).Groups[2].Value;

    [GeneratedRegex(@"^(.+?)\.(\d.*)\.nupkg$")]
    private static partial Regex PackageFile();
}
