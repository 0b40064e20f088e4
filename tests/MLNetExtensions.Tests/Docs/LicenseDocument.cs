using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using MLNetExtensions.TestData;

namespace MLNetExtensions.Tests.Docs;

/// <summary>The page of licenses, written from the lock files of the packages and from what the packages themselves say.</summary>
internal static class LicenseDocument
{
    /// <summary>Licenses that ask for no more than their notice.</summary>
    public static readonly IReadOnlySet<string> Permissive = new HashSet<string>(StringComparer.Ordinal)
    {
        "MIT",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "0BSD",
        "ISC",
        "Zlib",
        "Unlicense",
    };

    /// <summary>Packages that name a page instead of a license; what the page says.</summary>
    private static readonly Dictionary<string, string> ByPage = new(StringComparer.Ordinal) { ["K4os.Compression.LZ4"] = "MIT" };

    /// <summary>The packages that the product's packages bring, or are built with.</summary>
    public static IReadOnlyList<LicensedPackage> Packages()
    {
        var users = new Dictionary<(string Name, string Version), List<string>>();
        foreach (
            string file in Directory
                .GetDirectories(Path.Combine(SharedData.RepositoryRoot, "src"))
                .Select(folder => Path.Combine(folder, "packages.lock.json"))
                .Where(File.Exists)
                .Order(StringComparer.Ordinal)
        )
        {
            using JsonDocument locked = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (JsonProperty framework in locked.RootElement.GetProperty("dependencies").EnumerateObject())
            foreach (JsonProperty package in framework.Value.EnumerateObject())
            {
                if (package.Value.GetProperty("type").GetString() == "Project")
                    continue;
                (string, string) key = (package.Name, package.Value.GetProperty("resolved").GetString()!);
                if (!users.TryGetValue(key, out List<string>? list))
                    users.Add(key, list = []);
                list.Add(Path.GetFileName(Path.GetDirectoryName(file)!));
            }
        }
        return
        [
            .. users
                .OrderBy(user => user.Key.Name, StringComparer.OrdinalIgnoreCase)
                .ThenBy(user => user.Key.Version, StringComparer.Ordinal)
                .Select(user => Read(user.Key.Name, user.Key.Version, user.Value)),
        ];
    }

    /// <summary>The page.</summary>
    public static string Write(IReadOnlyList<LicensedPackage> packages)
    {
        var text = new StringBuilder(
            """
            # Licenses of what is used

            This library is under the MIT license. `LicenseDocumentTests` writes this page from the packages that were restored, and fails if one comes in whose license is not known or asks for
            more than its notice. `bash docs/sbom` writes a bill of materials (CycloneDX) of each package.

            ## Packages that applications get


            """
        );
        Table(text, packages.Where(package => !package.IsForBuilding));
        text.Append("\n## Packages that build the library\n\nNo application gets them.\n\n");
        Table(text, packages.Where(package => package.IsForBuilding));
        text.Append(
            """

            ## Other parts

            | part | license |
            |---|---|
            | `pretrained/cifarnet_cifar10.onnx` | MIT, trained for this library |
            | networks of `Backbone.Catalog` | each entry's `License`; none is part of a package |
            | what the `libtorch` packages pack | PyTorch, BSD-3-Clause, with the notices of what it is built with in the package |
            | TensorFlow's C library | Apache-2.0; applications bring it |

            """
        );
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void Table(StringBuilder text, IEnumerable<LicensedPackage> packages)
    {
        text.Append("| package | version | license | used by |\n|---|---|---|---|\n");
        foreach (LicensedPackage package in packages)
            text.Append(
                $"| {package.Name} | {package.Version} | {package.License} | "
                    + (package.Users.Count > 4 ? $"{package.Users.Count} packages" : string.Join(", ", package.Users.Select(Short)))
                    + " |\n"
            );
    }

    private static string Short(string user) => user.Replace("MLNetExtensions.", ".", StringComparison.Ordinal);

    private static LicensedPackage Read(string name, string version, IReadOnlyList<string> users)
    {
        string folder = PackageFolders()
            .Select(root => Path.Combine(root, name.ToLowerInvariant(), version.ToLowerInvariant()))
            .First(Directory.Exists);
        XElement metadata = XDocument
            .Load(Directory.GetFiles(folder, "*.nuspec").Single())
            .Root!.Elements()
            .Single(e => e.Name.LocalName == "metadata");
        string? Value(string element) => metadata.Elements().FirstOrDefault(e => e.Name.LocalName == element)?.Value;
        string? kind = metadata.Elements().FirstOrDefault(e => e.Name.LocalName == "license")?.Attribute("type")?.Value;
        string license = kind switch
        {
            "expression" => Value("license")!,
            "file" when File.ReadLines(Path.Combine(folder, Value("license")!)).First().Trim() == "MIT License" => "MIT",
            _ => ByPage.GetValueOrDefault(name, $"unknown ({Value("license") ?? Value("licenseUrl")})"),
        };
        return new LicensedPackage(name, version, license, Value("developmentDependency") == "true", users);
    }

    /// <summary>The folders that packages were restored to.</summary>
    private static string[] PackageFolders()
    {
        using JsonDocument assets = JsonDocument.Parse(File.ReadAllBytes(AssetsFile));
        return [.. assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];
    }

    /// <summary>What a restore leaves.</summary>
    public static string AssetsFile => Path.Combine(SharedData.RepositoryRoot, "src", "MLNetExtensions", "obj", "project.assets.json");
}
