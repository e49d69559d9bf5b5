namespace Stateroom.Conformance.Fixture;

/// <summary>The smallest picture and the smallest sound.</summary>
internal static class Media
{
    public const string PngType = "image/png";
    public const string WavType = "audio/wav";

    /// <summary>One pixel.</summary>
    public static ReadOnlyMemory<byte> Png { get; } = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");

    /// <summary>A header and no samples: mono, 8,000 samples a second, 8 bits.</summary>
    public static ReadOnlyMemory<byte> Wav { get; } = (byte[])
    [
        .. "RIFF"u8, 36, 0, 0, 0, .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x40, 0x1F, 0, 0, 1, 0, 8, 0, .. "data"u8, 0, 0, 0, 0,
    ];
}
