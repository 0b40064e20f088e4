using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.ModelBuilder.Programs;

/// <summary>A Model Builder project that is trained by this library, and whose program is compiled and run elsewhere.</summary>
internal sealed class ProgramTrial
{
    private readonly ModelBuilderProgram _program;
    private readonly string _folder;

    /// <param name="program">The program.</param>
    /// <param name="folder">An empty folder.</param>
    public ProgramTrial(ModelBuilderProgram program, string folder)
    {
        (_program, _folder) = (program, folder);
        Project = Create(program.Version, folder, program.ProjectName);
    }

    public ModelBuilderProject Project { get; }

    /// <summary>Makes a project: images, validation images, a configuration, a project file.</summary>
    /// <param name="version">The configuration's version.</param>
    /// <param name="folder">A folder, which gets images, validation and Colors.</param>
    /// <param name="projectName">The name of the project file.</param>
    public static ModelBuilderProject Create(int version, string folder, string projectName = "Colors")
    {
        ColorFolders.Draw(Path.Combine(folder, "images"), perClass: 10);
        ColorFolders.Draw(Path.Combine(folder, "validation"), perClass: 3, seed: 2);
        string code = Directory.CreateDirectory(Path.Combine(folder, "Colors")).FullName;
        File.WriteAllText(Path.Combine(code, $"{projectName}.csproj"), "<Project Sdk=\"Microsoft.NET.Sdk\" />");
        string config = Path.Combine(code, "MLModel1.mbconfig");
        File.WriteAllBytes(config, Config(version));
        return ModelBuilderProject.Open(config);
    }

    /// <summary>A configuration as Model Builder writes it.</summary>
    public static byte[] Config(int version)
    {
        using Stream stream = typeof(ProgramTrial).Assembly.GetManifestResourceStream($"version{version}")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Trains, compiles, runs and compares.</summary>
    /// <returns>What is wrong; empty where the program compiles and its answers are those of the model.</returns>
    public async Task<IReadOnlyList<string>> Run()
    {
        using ModelBuilderResult result = Project.Train(new MLContext(1));
        string[] images = ColorFolders.Draw(Path.Combine(_folder, "new images"), perClass: 2, seed: 3);
        Answer[] expected = Expected(result.Model, images);

        string name = $"Version{_program.Version}";
        string source = Path.Combine(_folder, "Program.cs");
        File.WriteAllText(source, _program.Code);
        var folder = new ProgramFolder(Path.Combine(_folder, "deployed"));
        IReadOnlyList<string> problems = folder.Build(name, [source, Project.ConsumptionPath], Project.ModelPath);
        if (problems.Count > 0)
            return problems;

        // The pool reads the model from the working folder, generated classes from the program's too.
        using Process process = _program.IsWeb
            ? folder.Start(name, Path.Combine(_folder, "deployed"), ["--urls", "http://127.0.0.1:0"])
            : folder.Start(name, Path.GetTempPath(), images);
        Answer[] actual = _program.IsWeb ? await Ask(process, images) : await Read(process);
        return
        [
            .. expected.Zip(actual).Where(p => !p.First.Agrees(p.Second)).Select(p => $"expected {p.First}, was {p.Second}"),
            .. actual.Length == expected.Length ? Array.Empty<string>() : [$"expected {expected.Length} answers, were {actual.Length}"],
        ];
    }

    private Answer[] Expected(ITransformer model, string[] images)
    {
        var ml = new MLContext();
        IDataView rows =
            Project.Version <= 1
                ? ml.Data.LoadFromEnumerable(images.Select(i => new PathRow { ImageSource = i }))
                : ml.Data.LoadFromEnumerable(images.Select(i => new BytesRow { ImageSource = File.ReadAllBytes(i) }));
        IDataView scored = model.Transform(rows);
        return
        [
            .. scored
                .GetColumn<string>("PredictedLabel")
                .Zip(scored.GetColumn<float[]>("Score"), (label, scores) => new Answer(label, scores)),
        ];
    }

    private static async Task<Answer[]> Read(Process process)
    {
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The program ended with {process.ExitCode}: {output}{await errors}");
        return
        [
            .. output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => line.Split('|'))
                .Select(f => new Answer(f[0], [.. f[1].Split(',').Select(s => float.Parse(s, CultureInfo.InvariantCulture))])),
        ];
    }

    private static async Task<Answer[]> Ask(Process process, string[] images)
    {
        try
        {
            using var client = new HttpClient { BaseAddress = await WebProgram.AddressOf(process) };
            var answers = new List<Answer>();
            foreach (string image in images)
            {
                using HttpResponseMessage response = await client.PostAsync($"/predict?imagePath={Uri.EscapeDataString(image)}", null);
                response.EnsureSuccessStatusCode();
                using JsonDocument json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
                answers.Add(
                    new Answer(
                        json.RootElement.GetProperty("predictedLabel").GetString()!,
                        [.. json.RootElement.GetProperty("score").EnumerateArray().Select(s => s.GetSingle())]
                    )
                );
            }
            return [.. answers];
        }
        finally
        {
            process.Kill();
        }
    }

    private sealed record Answer(string Label, float[] Scores)
    {
        public bool Agrees(Answer other) =>
            Label == other.Label
            && Scores.Length == other.Scores.Length
            && Scores.Zip(other.Scores).All(p => Math.Abs(p.First - p.Second) < 1e-5f);

        public override string ToString() => $"{Label} ({string.Join(" ", Scores)})";
    }

    private sealed class PathRow
    {
        public string? Label { get; set; }

        public string ImageSource { get; set; } = "";
    }

    private sealed class BytesRow
    {
        public string? Label { get; set; }

        public byte[] ImageSource { get; set; } = [];
    }
}
