using System.Text.Json.Serialization;

namespace Stateroom.Server.Weather;

/// <summary>In what measures weather is told.</summary>
[JsonConverter(typeof(UnitsConverter))]
internal enum Units
{
    /// <summary>Degrees Celsius and kilometres an hour.</summary>
    [JsonStringEnumMemberName("metric")]
    Metric = 0,

    /// <summary>Degrees Fahrenheit and miles an hour.</summary>
    [JsonStringEnumMemberName("imperial")]
    Imperial,
}

/// <summary>Reads the names and nothing else: a number is no unit, whatever it stands for inside.</summary>
internal sealed class UnitsConverter() : JsonStringEnumConverter<Units>(namingPolicy: null, allowIntegerValues: false);
