using System.Text.Json.Serialization;

namespace Stateroom.Server.Weather;

/// <summary>In what measures weather is told.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Units>))]
internal enum Units
{
    /// <summary>Degrees Celsius and kilometres an hour.</summary>
    [JsonStringEnumMemberName("metric")]
    Metric = 0,

    /// <summary>Degrees Fahrenheit and miles an hour.</summary>
    [JsonStringEnumMemberName("imperial")]
    Imperial,
}
