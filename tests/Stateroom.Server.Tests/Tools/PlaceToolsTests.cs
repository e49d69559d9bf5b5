using Stateroom.Server.Tools;

namespace Stateroom.Server.Tests.Tools;

public sealed class PlaceToolsTests
{
    [Fact]
    public async Task Places_are_saved_listed_by_label_changed_and_forgotten()
    {
        await using var host = await ToolHost.StartAsync();

        await host.CallAsync("save_place", new { label = "work", city = "Pune" });
        await host.CallAsync("save_place", new { label = "home", city = "Lyon" });
        var saved = await host.CallAsync("save_place", new { label = "home", city = "Oslo: {\"x\"}\r\n" });
        var forgotten = await host.CallAsync("forget_place", new { label = "work" });
        var listed = await host.CallAsync("list_places");

        Assert.Equal("home", (string)saved["label"]!);
        Assert.True((bool)forgotten["forgotten"]!);
        var place = Assert.Single(listed["places"]!.AsArray());
        Assert.Equal("Oslo: {\"x\"}\r\n", (string)place!["city"]!);
    }

    [Fact]
    public async Task Reading_and_forgetting_nothing_write_nothing()
    {
        await using var host = await ToolHost.StartAsync();

        Assert.Empty((await host.CallAsync("list_places"))["places"]!.AsArray());
        Assert.False((bool)(await host.CallAsync("forget_place", new { label = "home" }))["forgotten"]!);

        Assert.Equal(0, host.Writes<SavedPlaces>());
    }

    [Fact]
    public async Task Bounds_are_told()
    {
        await using var host = await ToolHost.StartAsync();

        Assert.Contains("label is empty", await host.FailAsync("save_place", new { label = "", city = "Pune" }), StringComparison.Ordinal);
        Assert.Contains("at most 100", await host.FailAsync("save_place", new { label = new string('l', 101), city = "Pune" }), StringComparison.Ordinal);
        Assert.Contains("at most 200", await host.FailAsync("save_place", new { label = "home", city = new string('c', 201) }), StringComparison.Ordinal);
        for (var i = 0; i < 100; i++)
        {
            await host.CallAsync("save_place", new { label = $"place {i}", city = "Pune" });
        }

        Assert.Contains("100 places", await host.FailAsync("save_place", new { label = "one more", city = "Pune" }), StringComparison.Ordinal);
        await host.CallAsync("save_place", new { label = "place 7", city = "Lyon" });
    }
}
