using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Stateroom.Shipping.Tests.Support;

namespace Stateroom.Shipping.Tests.Image;

/// <summary>The Dockerfile, and the image that the engine makes of it.</summary>
[Collection(SharedImage.Name)]
public sealed partial class ImageTests(ImageFixture image)
{
    [Fact]
    public void It_has_no_shell_and_is_not_for_root()
    {
        var final = Dockerfile.Final;

        Assert.EndsWith("-chiseled", final.Image, StringComparison.Ordinal);
        Assert.True(int.Parse(final.The("USER"), null) > 0);

        // No RUN: there is nothing that could.
        Assert.Equal(["WORKDIR", "COPY", "ENV", "EXPOSE", "USER", "HEALTHCHECK", "ENTRYPOINT"], final.Instructions.Select(i => i.Keyword));
        Assert.Equal(final.The("EXPOSE"), final.Environment["ASPNETCORE_HTTP_PORTS"]);
        Assert.Equal(["dotnet", "Stateroom.Server.dll"], final.EntryPoint);
    }

    /// <summary>The images have the major version of .NET that the projects are for.</summary>
    [Fact]
    public void Its_bases_are_of_the_projects_version()
    {
        var version = TargetFramework().Match(File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props"))).Groups[1].Value;
        Assert.All(Dockerfile.Stages, stage => Assert.Contains($":{version}-", stage.Image, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_holds_the_program_and_no_key_of_development()
    {
        var root = (await image.Engine.RunAsync("image", "mount", ImageFixture.Name)).Trim();
        var folder = Path.Combine(root, Dockerfile.Final.The("WORKDIR").TrimStart('/'));
        Assert.True(File.Exists(Path.Combine(folder, Dockerfile.Final.EntryPoint[1])));
        Assert.True(File.Exists(Path.Combine(folder, "appsettings.json")));
        Assert.All(Directory.EnumerateFiles(folder, "*.json"), file => Assert.DoesNotContain("dev-token", File.ReadAllText(file), StringComparison.Ordinal));
        await image.Engine.RunAsync("image", "unmount", ImageFixture.Name);
    }

    /// <summary>In a container without a shell, whose root file system is read only, by a user who has no capability: sessions, calls, the health check and a stop.</summary>
    [Fact]
    public async Task It_serves_as_a_user_who_may_write_nowhere()
    {
        var key = "a-key";
        await using var server = await ContainerProcess.StartAsync(image, new Dictionary<string, string>
        {
            ["Stateroom__AllowPlainHttp"] = "true",
            ["Stateroom__ApiKeys__0__KeyHash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
            ["Stateroom__ApiKeys__0__Tenant"] = "acme",
            ["Stateroom__ApiKeys__0__Owner"] = "alice",
            ["Weather__Provider"] = "Sample",
        });

        using var client = await new RawClient(new Uri(server.Address, "/mcp"), key).OpenAsync();
        Assert.Contains("\"preferredUnits\":\"imperial\"", await client.CallTextAsync("set_preferred_units", """{"units":"imperial"}"""), StringComparison.Ordinal);
        Assert.Contains("84.9", await client.CallTextAsync("get_current_weather", """{"city":"Pune"}"""), StringComparison.Ordinal);
        using (var stranger = new RawClient(new Uri(server.Address, "/mcp"), "dev-token"))
        using (var refused = await stranger.SendAsync(HttpMethod.Post, RawClient.Initialize()))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        Assert.Equal(0, await server.CheckHealthAsync());
        await server.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, server.ExitCode);
    }

    [Fact]
    public async Task It_is_not_healthy_where_nobody_listens()
    {
        var (exitCode, output) = await image.Engine.TryConfinedAsync(["--env", $"ASPNETCORE_HTTP_PORTS={LoopbackPort.Next()}"], ImageFixture.Name, ["probe"]);
        Assert.True(exitCode == 1, $"It ended with {exitCode}:\n{output}");
    }

    /// <summary>The line of docs/deploy.md that makes one file, and what comes out, far from its sources.</summary>
    [Fact]
    public async Task It_is_one_file_where_that_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        var line = Page.Text("docs/deploy.md").Split('\n').Single(l => l.StartsWith("dotnet publish", StringComparison.Ordinal) && l.Contains("--no-self-contained", StringComparison.Ordinal));
        var command = line.Replace("linux-x64", RuntimeInformation.RuntimeIdentifier, StringComparison.Ordinal).Split(' ');
        await image.RunInBuilderAsync([.. command, "-p:RunAnalyzers=false"], "/opt/stateroom", folder.Path);

        var file = folder.At("Stateroom.Server");
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*.dll"));
        await using var server = ChildProcess.Start(file, ["--urls", $"http://127.0.0.1:{LoopbackPort.Next()}", "--Weather:Provider=Sample", "--Stateroom:ApiKeys:0:Tenant=acme", "--Stateroom:ApiKeys:0:Owner=alice", $"--Stateroom:ApiKeys:0:KeyHash={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("acme-alice")))}"], folder.Path);
        await Eventually.HoldsAsync(() => Task.FromResult(Listening().IsMatch(server.Output)), $"It does not listen:\n{server.Output}", TestContext.Current.CancellationToken);
        using var client = await new RawClient(new Uri($"{Listening().Match(server.Output).Groups[1].Value}/mcp"), "acme-alice").OpenAsync();
        Assert.Contains("84.9", await client.CallTextAsync("get_current_weather", """{"city":"Pune","units":"imperial"}"""), StringComparison.Ordinal);
        await server.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, server.ExitCode);
    }

    [GeneratedRegex(@"Now listening on: (http://[0-9.:]+)")]
    private static partial Regex Listening();

    [GeneratedRegex(@"<TargetFramework>net(\d+\.\d+)</TargetFramework>")]
    private static partial Regex TargetFramework();
}
