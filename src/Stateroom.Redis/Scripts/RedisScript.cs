using System.Globalization;

namespace Stateroom.Redis.Scripts;

/// <summary>A Lua script: files of this folder, one after the other.</summary>
internal sealed class RedisScript
{
    private const string ClockLine = "+ 0 -- skew";

    private readonly string _text;
    private (TimeSpan Skew, string Text) _skewed;

    /// <param name="files">The files after Prelude.lua, without their extension.</param>
    public RedisScript(params ReadOnlySpan<string> files)
    {
        _text = Read("Prelude");
        Name = files[^1];
        foreach (var file in files)
        {
            _text += Read(file);
        }
    }

    /// <summary>What it is called, for those who watch.</summary>
    public string Name { get; }

    /// <summary>The script's text for a server whose clock is to run ahead; what tests do in place of waiting.</summary>
    public string TextAt(TimeSpan skew)
    {
        if (skew == TimeSpan.Zero)
        {
            return _text;
        }

        if (_skewed is var (at, text) && at == skew)
        {
            return text;
        }

        text = _text.Replace(ClockLine, string.Create(CultureInfo.InvariantCulture, $"+ {skew.TotalMilliseconds:F0} -- skew"), StringComparison.Ordinal);
        _skewed = (skew, text);
        return text;
    }

    private static string Read(string file)
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream($"{file}.lua")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
