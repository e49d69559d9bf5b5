using System.Runtime.InteropServices;

namespace Stateroom.TestProcesses;

/// <summary>Where things are in the repository that these tests were built in.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The npm workspace with the clients and the conformance suite.</summary>
    public static string Clients { get; } = Path.Combine(Root, "tests", "clients");

    /// <summary>The built program of a project, in the configuration of these tests.</summary>
    public static string Program(string folder, string project)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(Root, folder, project, "bin", output.Parent!.Name, output.Name, $"{project}.dll");
    }

    /// <summary>A file of an installed npm package.</summary>
    public static string NodePackage(params string[] path)
    {
        var file = Path.Combine([Clients, "node_modules", .. path]);
        return File.Exists(file) ? file : throw new FileNotFoundException($"There is no {file}. Run `npm ci` in {Clients}, or ./eng/test.sh.");
    }

    /// <summary>The Node that the conformance suite needs, which is newer than the one the clients run on.</summary>
    public static string Node22() =>
        NodePackage($"node-linux-{(RuntimeInformation.OSArchitecture is Architecture.Arm64 ? "arm64" : "x64")}", "bin", "node");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Stateroom.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("These tests run from their build output inside the repository.");
    }
}
