using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Stateroom.Redis.Scripts;

/// <summary>A Lua script: files of this folder, one after the other.</summary>
internal sealed class RedisScript
{
    private const string ClockLine = "+ 0 -- skew";

    private readonly Form _form;
    private Skewed? _skewed;

    /// <param name="files">The files after Prelude.lua, without their extension.</param>
    public RedisScript(params ReadOnlySpan<string> files)
    {
        var text = Read("Prelude");
        foreach (var file in files)
        {
            text += Read(file);
        }

        Name = files[^1];
        _form = new(text, HashOf(text));
    }

    /// <summary>What it is called, for those who watch.</summary>
    public string Name { get; init; }

    /// <summary>The script for a server whose clock is to run ahead; what tests do in place of waiting.</summary>
    public Form At(TimeSpan skew)
    {
        if (skew == TimeSpan.Zero)
        {
            return _form;
        }

        if (_skewed is not { } skewed || skewed.By != skew)
        {
            var text = _form.Text.Replace(ClockLine, string.Create(CultureInfo.InvariantCulture, $"+ {skew.TotalMilliseconds:F0} -- skew"), StringComparison.Ordinal);
            _skewed = skewed = new(skew, new(text, HashOf(text)));
        }

        return skewed.Form;
    }

    [SuppressMessage("Security", "CA5350", Justification = "That is how Redis names scripts.")]
    private static byte[] HashOf(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));

    private static string Read(string file)
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream($"{file}.lua")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>What is sent to run a script.</summary>
    /// <param name="Text">Its text.</param>
    /// <param name="Hash">The SHA-1 of that, by which a server that has run it knows it.</param>
    internal sealed record Form(string Text, byte[] Hash);

    private sealed record Skewed(TimeSpan By, Form Form);
}
