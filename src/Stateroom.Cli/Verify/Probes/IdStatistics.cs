using System.Globalization;

namespace Stateroom.Cli.Verify.Probes;

/// <summary>
/// What a row of ids shows of how they are made. It finds what is easy to guess; that the rest is hard to guess no sample can show.
/// </summary>
internal sealed class IdStatistics
{
    /// <summary>A random UUID has 122 bits. MCP 2026-07-28 asks for 128 where nobody is authenticated.</summary>
    private const double MinBits = 100;

    private readonly IReadOnlyList<string> _ids;

    /// <param name="ids">The ids in the order in which they were given out.</param>
    public IdStatistics(IReadOnlyList<string> ids)
    {
        _ids = ids;
        Length = ids.Min(id => id.Length);
        var varying = Enumerable.Range(0, Length).Where(i => ids.Any(id => id[i] != ids[0][i])).ToList();
        Varying = varying.Count;
        SharedPrefix = varying.Count > 0 ? varying[0] : Length;
        Alphabet = ids.SelectMany(id => varying.Select(i => id[i])).Distinct().Count();

        // A sample of n shows at most n characters at a place, so the alphabet of all places stands for each.
        Bits = Alphabet > 1 ? varying.Count * Math.Log2(Alphabet) : 0;
    }

    /// <summary>Characters of the shortest.</summary>
    public int Length { get; }

    /// <summary>At how many places they differ.</summary>
    public int Varying { get; }

    /// <summary>How many characters all of them begin with.</summary>
    public int SharedPrefix { get; }

    /// <summary>How many different characters there are where they differ.</summary>
    public int Alphabet { get; }

    /// <summary>How many bits that can hold at the most.</summary>
    public double Bits { get; }

    /// <summary>What makes them easy to guess; null if nothing that can be seen.</summary>
    public string? Fault =>
        _ids.Distinct(StringComparer.Ordinal).Count() < _ids.Count ? "An id was given out twice."
        : _ids.Any(id => id.Any(c => c is < '\x21' or > '\x7e')) ? "An id holds characters other than visible ASCII."
        : IsRow() ? "Each id follows from the one before: they come in order."
        : Bits < MinBits ? string.Create(CultureInfo.InvariantCulture, $"Ids differ in so little that they hold {Bits:F0} bits at the most; {MinBits} are the least that is safe.")
        : MeanDifference() < 0.5 ? "An id is mostly the same as the one before."
        : null;

    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Length} characters, up to {Bits:F0} bits, {Alphabet} different characters{(SharedPrefix > 0 ? $", all begin with '{_ids[0][..Math.Min(SharedPrefix, 12)]}'" : "")}");

    /// <summary>Whether sorting them gives the order in which they were made: by chance that does not happen.</summary>
    private bool IsRow() => _ids.Count >= 8 && _ids
        .Zip(_ids.Skip(1))
        .All(pair => pair.First.Length < pair.Second.Length || (pair.First.Length == pair.Second.Length && string.CompareOrdinal(pair.First, pair.Second) < 0));

    /// <summary>At which part of the places that differ at all an id differs from the one before.</summary>
    private double MeanDifference() => _ids
        .Zip(_ids.Skip(1))
        .Average(pair => Enumerable.Range(0, Length).Count(i => pair.First[i] != pair.Second[i]) / (double)Math.Max(Varying, 1));
}
