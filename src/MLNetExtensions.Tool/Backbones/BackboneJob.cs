using System.Text.Json.Nodes;
using MLNetExtensions.Backbones;
using MLNetExtensions.Hosting;
using MLNetExtensions.Onnx;
using MLNetExtensions.Tool.Invocation;
using Spectre.Console;

namespace MLNetExtensions.Tool.Backbones;

/// <summary>What the verbs of backbones do.</summary>
internal static class BackboneJob
{
    public static int List(bool json, Terminal terminal)
    {
        Dictionary<string, BackboneFile> here = BackboneStore.AtHand().ToDictionary(file => file.Name, StringComparer.Ordinal);
        IEnumerable<(string Name, BackboneInfo? Entry, BackboneFile? File)> rows =
        [
            .. here.Values.Select(file => (file.Name, file.Entry, (BackboneFile?)file)),
            .. Backbone.Catalog.Where(e => !here.ContainsKey(e.Name)).Select(e => (e.Name, (BackboneInfo?)e, (BackboneFile?)null)),
        ];
        if (json)
        {
            var list = new JsonArray([
                .. rows.Select(row =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["name"] = row.Name,
                            ["path"] = row.File?.Path,
                            ["whole"] = row.File?.IsWhole,
                            ["bytes"] = row.Entry?.Size,
                            ["width"] = row.Entry?.Preprocessing.Width,
                            ["license"] = row.Entry?.License,
                            ["canBeFetched"] = row.Entry?.Uris.Count > 0,
                        }
                ),
            ]);
            terminal.Out.WriteLine(list.ToJsonString());
            return ExitCode.Success;
        }
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in new[] { "name", "state", "MB", "pixels", "license" })
            table.AddColumn(new TableColumn(column).NoWrap());
        foreach ((string name, BackboneInfo? entry, BackboneFile? file) in rows)
            table.AddRow(
                Markup.Escape(name),
                file is null
                        ? (
                            entry!.Uris.Count > 0 ? "can be fetched"
                            : entry.Package is { } package ? $"package {package}"
                            : "not published"
                        )
                    : file.IsWhole ? "at hand"
                    : "cut short",
                $"{(entry?.Size ?? new FileInfo(file!.Path).Length) / 1e6:F1}",
                $"{entry?.Preprocessing.Width}",
                Markup.Escape(entry?.License ?? "")
            );
        terminal.CreateConsole().Write(table);
        return ExitCode.Success;
    }

    public static int Show(string name, Terminal terminal)
    {
        BackboneFile? file = File.Exists(name)
            ? BackboneFile.Of(Path.GetFullPath(name))
            : BackboneStore.AtHand().FirstOrDefault(f => f.Name == name);
        BackboneInfo? entry = file is null ? Entry(name) : file.Entry;
        terminal.Out.WriteLine($"name: {file?.Name ?? entry!.Name}");
        terminal.Out.WriteLine($"file: {file?.Path ?? $"not at hand; 'mlnetx backbones get {name}' fetches it"}");
        if (entry is not null)
        {
            terminal.Out.WriteLine($"size: {entry.Size} bytes");
            terminal.Out.WriteLine($"sha256: {entry.Sha256}");
            terminal.Out.WriteLine($"license: {entry.License}");
            terminal.Out.WriteLine($"input: {entry.Preprocessing}");
            foreach (Uri address in entry.Uris)
                terminal.Out.WriteLine($"address: {address}");
        }
        else
        {
            Backbone backbone = Open(file!.Path);
            terminal.Out.WriteLine($"input: {backbone.Preprocessing} (from {backbone.PreprocessingSource})");
            terminal.Out.WriteLine($"nodes: {backbone.Graph.Nodes.Count}");
        }
        return ExitCode.Success;
    }

    public static async Task<int> GetAsync(string name, string? mirror, Terminal terminal, CancellationToken cancellation)
    {
        BackboneInfo entry = Entry(name);
        if (mirror is not null && !IsMirror(mirror))
            throw new UsageException($"--mirror is '{mirror}'; it must be an address such as https://host/folder/.");
        if (mirror is null && entry.Uris.Count == 0)
            throw new UsageException(
                $"The backbone '{name}' is not published for download. If you have its file, 'mlnetx backbones add FILE' adds it."
            );
        int shown = -1;
        await Backbone
            .DownloadAsync(
                name,
                BackboneFolders.User,
                new DownloadOptions
                {
                    BaseAddresses = mirror is null ? null : [new Uri(mirror)],
                    CancellationToken = cancellation,
                    Progress = new DirectProgress<DownloadProgress>(progress =>
                    {
                        int percent = (int)(100 * progress.BytesReceived / progress.TotalBytes);
                        if (percent / 10 > shown / 10 || shown < 0)
                            terminal.Error.WriteLine($"{name}: {percent} % of {progress.TotalBytes / 1e6:F1} MB");
                        shown = percent;
                    }),
                }
            )
            .ConfigureAwait(false);
        terminal.Out.WriteLine($"Fetched: {Path.Combine(BackboneFolders.User, entry.FileName)}");
        return ExitCode.Success;
    }

    private static bool IsMirror(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && BackboneDownload.IsAllowed(address);

    public static int Verify(string? name, Terminal terminal)
    {
        IReadOnlyList<BackboneFile> files = name is null ? BackboneStore.AtHand() : [BackboneStore.Find(name, "the name")];
        int faults = 0;
        foreach (BackboneFile file in files)
        {
            string? problem = file.Problem;
            faults += problem is null ? 0 : 1;
            terminal.Out.WriteLine(
                $"{file.Name}: {problem ?? (file.Entry is null ? "can be used; the catalog does not know it" : "as in the catalog")}"
            );
        }
        return faults == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    public static int Add(string file, string? name, string? license, string? like, Terminal terminal)
    {
        if (!File.Exists(file))
            throw new UsageException($"There is no file '{Path.GetFullPath(file)}'; add takes an ONNX file.");
        _ = Open(file);
        name ??= Path.GetFileNameWithoutExtension(file);
        if (name.Length == 0 || name.IndexOfAny([.. Path.GetInvalidFileNameChars(), '/', '\\']) >= 0 || name.StartsWith('.'))
            throw new UsageException($"--name is '{name}'; it must be a name that a file can have.");
        try
        {
            BackboneInfo added = BackboneFolders.Add(file, like is null ? null : Entry(like).Preprocessing, license ?? "unknown", name);
            terminal.Out.WriteLine($"Added: {added.Name} ({added.Preprocessing.Width} px). mlnetx train FOLDER --backbone {added.Name}");
            return ExitCode.Success;
        }
        catch (ArgumentException error)
        {
            throw new UsageException(
                $"{error.Message} --like NAME takes the preprocessing of a network of 'mlnetx backbones list' that was trained the same way.",
                error
            );
        }
    }

    private static Backbone Open(string file)
    {
        try
        {
            return Backbone.FromFile(file);
        }
        catch (Exception error) when (error is OnnxFormatException or ArgumentException or FormatException)
        {
            throw new UsageException($"'{file}' is no backbone: {error.Message}", error);
        }
    }

    private static BackboneInfo Entry(string name) =>
        Backbone.Catalog.FirstOrDefault(entry => entry.Name == name)
        ?? throw new UsageException(
            $"There is no backbone '{name}'. "
                + (NearestName.Of(name, Backbone.Catalog.Select(e => e.Name)) is { } nearest ? $"Did you mean {nearest}? " : "")
                + "'mlnetx backbones list' shows them."
        );
}
