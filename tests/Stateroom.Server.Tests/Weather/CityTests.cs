using Stateroom.Server.Weather;
using Stateroom.Server.Weather.Sample;

namespace Stateroom.Server.Tests.Weather;

public sealed class CityTests
{
    private readonly SampleProvider _sample = new();

    [Theory]
    [InlineData("Pune", null, "Pune, Maharashtra, India")]
    [InlineData("  pune ", "india", "Pune, Maharashtra, India")]
    [InlineData("London", null, "London, England, United Kingdom")]
    [InlineData("London", "Canada", "London, Ontario, Canada")]
    [InlineData("London", "CA", "London, Ontario, Canada")]
    [InlineData("London, Ontario", null, "London, Ontario, Canada")]
    [InlineData("London", "UK", "London, England, United Kingdom")]
    [InlineData("Paris", null, "Paris, Île-de-France, France")]
    [InlineData("Paris, Texas, USA", null, "Paris, Texas, United States")]
    [InlineData("Springfield", "Illinois", "Springfield, Illinois, United States")]
    [InlineData("Singapore", null, "Singapore, Singapore")]
    public async Task The_town_that_is_meant_is_found(string city, string? country, string label) =>
        Assert.Equal(label, (await ChooseAsync(city, country)).Label);

    [Theory]
    [InlineData("Springfield", null)]
    [InlineData("springfield", "US")]
    [InlineData("Springfield, United States", null)]
    public async Task Towns_of_like_size_are_told_apart_by_the_caller_alone(string city, string? country)
    {
        var ambiguous = await Assert.ThrowsAsync<AmbiguousCityException>(() => ChooseAsync(city, country));

        Assert.Equal(5, ambiguous.Candidates.Length);
        Assert.Equal("Springfield, Missouri, United States", ambiguous.Candidates[0].Label);
        foreach (var candidate in ambiguous.Candidates)
        {
            Assert.Contains(candidate.Label, ambiguous.Message, StringComparison.Ordinal);
            Assert.Equal(candidate, await ChooseAsync(candidate.Label, null));
        }
    }

    [Theory]
    [InlineData("Atlantis", null)]
    [InlineData("Pune", "France")]
    [InlineData("Springfield, Ontario", null)]
    public async Task A_town_that_nobody_knows_is_called_so(string city, string? country) =>
        Assert.Equal(WeatherFailure.UnknownCity, (await Assert.ThrowsAsync<WeatherException>(() => ChooseAsync(city, country))).Failure);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ,")]
    public void An_empty_city_is_refused(string? city) =>
        Assert.Equal(WeatherFailure.Argument, Assert.Throws<WeatherException>(() => CityQuery.Parse(city)).Failure);

    [Fact]
    public void A_very_long_city_is_refused()
    {
        Assert.Throws<WeatherException>(() => CityQuery.Parse(new string('x', 101)));
        Assert.Throws<WeatherException>(() => CityQuery.Parse("Pune", new string('x', 101)));
    }

    [Fact]
    public void A_similar_name_counts_where_nothing_has_the_very_name()
    {
        var munich = new Place("Munich", "Bavaria", "Germany", "DE", 48, 11, 1_260_391);
        Assert.Same(munich, CityChooser.Choose(CityQuery.Parse("München"), new PlaceMatches([munich])));
    }

    [Fact]
    public void Every_place_of_the_sample_has_a_label_of_its_own() =>
        Assert.Equal(SampleData.Entries.Length, SampleData.Entries.Select(e => e.Place.Label).Distinct().Count());

    [Fact]
    public async Task The_sample_is_always_the_same_in_either_units()
    {
        var pune = await ChooseAsync("Pune", null);

        var metric = await _sample.GetCurrentAsync(pune, Units.Metric, TestContext.Current.CancellationToken);
        var imperial = await _sample.GetCurrentAsync(pune, Units.Imperial, TestContext.Current.CancellationToken);

        Assert.Equal(new CurrentWeather("Pune", "Maharashtra", "India", Units.Metric, 29.4, 31, 58, 11.5, "partly cloudy", "sample"), metric);
        Assert.Equal(metric with { Units = Units.Imperial, Temperature = 84.9, ApparentTemperature = 87.8, WindSpeed = 7.1 }, imperial);
    }

    private async Task<Place> ChooseAsync(string city, string? country)
    {
        var query = CityQuery.Parse(city, country);
        return CityChooser.Choose(query, await _sample.FindAsync(query.Name, TestContext.Current.CancellationToken));
    }
}
