using System.Reflection;

namespace Stateroom.Cli.Demo;

/// <summary>The weather server, which travels inside this program: <c>stateroom serve</c> runs it with the arguments that it knows by itself.</summary>
internal static class WeatherServer
{
    public const string Command = "serve";

    private const string Assembly = "Stateroom.Server";

    /// <summary>Runs it until it is stopped.</summary>
    /// <param name="settings">Its arguments.</param>
    /// <returns>Its exit code.</returns>
    public static int Run(string[] settings) => System.Reflection.Assembly.Load(Assembly).EntryPoint!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [settings], null) is int code ? code : 0;

    /// <summary>How this program is started again to be the weather server: as it was itself, by its own host or by <c>dotnet</c>.</summary>
    public static (string Program, IReadOnlyList<string> Arguments) StartInfo()
    {
        var program = Environment.ProcessPath ?? "dotnet";
        return Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            ? (program, [typeof(WeatherServer).Assembly.Location, Command])
            : (program, [Command]);
    }
}
