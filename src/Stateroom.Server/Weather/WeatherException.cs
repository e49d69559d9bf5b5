using System.Collections.Immutable;
using ModelContextProtocol;

namespace Stateroom.Server.Weather;

/// <summary>Why there is no weather to tell.</summary>
internal enum WeatherFailure
{
    /// <summary>The service cannot be reached, or says that it is out of order.</summary>
    Down = 0,

    /// <summary>The service did not answer in time.</summary>
    Slow,

    /// <summary>The service answered what nobody can use.</summary>
    Wrong,

    /// <summary>The service refuses further calls for now.</summary>
    RateLimited,

    /// <summary>There is no such city.</summary>
    UnknownCity,

    /// <summary>There are several such cities.</summary>
    AmbiguousCity,

    /// <summary>An argument is out of bounds.</summary>
    Argument,
}

/// <summary>There is no weather to tell. The message is for the model: it says what is wrong and what to do. As an <see cref="McpException"/> it reaches the client, word for word.</summary>
internal class WeatherException(WeatherFailure failure, string message, Exception? innerException = null)
    : McpException(message, innerException)
{
    public WeatherFailure Failure { get; } = failure;
}

/// <summary>Several cities have the name that was given, and none of them is much larger than the others.</summary>
internal sealed class AmbiguousCityException(string city, ImmutableArray<Place> candidates)
    : WeatherException(
        WeatherFailure.AmbiguousCity,
        $"Several cities are called '{city}': {string.Join("; ", candidates.Select(place => place.Label))}. Call again with one of these, as written, as the city.")
{
    public string City { get; } = city;

    public ImmutableArray<Place> Candidates { get; } = candidates;
}
