namespace MLNetExtensions.TensorFlow.Tests.Native;

/// <summary>The order of the search and its report, in folders made here.</summary>
[NeedsNothing]
public sealed class LibrarySearchTests : IDisposable
{
    private static readonly string Name = LibrarySearch.FileNames[0];

    private readonly TemporaryFolder _folder = new();
    private readonly LibrarySearch _search;

    public LibrarySearchTests() => _search = new LibrarySearch([In("first"), In("app")], [In("python")]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_option_comes_before_everything()
    {
        (string option, string variable) = (Library("option"), Library("variable"));
        Library("app");

        Assert.Equal(option, _search.Find(option, variable, In("python")));
        Assert.Equal([$"the option LibraryPath ({option}): found"], _search.Report);
    }

    [Fact]
    public void Then_comes_the_environment_variable()
    {
        string variable = Library("variable");
        Library("app");

        Assert.Equal(variable, _search.Find(null, In("variable"), null));
        Assert.Equal(
            ["the option LibraryPath: not set", $"the environment variable MLNETX_TENSORFLOW ({In("variable")}): found"],
            _search.Report
        );
    }

    [Fact]
    public void Then_the_folders_beside_the_application()
    {
        string app = Library("app");
        Library("python", "tensorflow");

        Assert.Equal(app, _search.Find("", "", null));
        Assert.Equal(
            [
                "the option LibraryPath: not set",
                "the environment variable MLNETX_TENSORFLOW: not set",
                $"native assets beside the application: {app}",
            ],
            _search.Report
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("tensorflow")]
    [InlineData("Lib/site-packages/tensorflow")]
    [InlineData("lib/python3.12/site-packages/tensorflow")]
    [InlineData("lib/python3/dist-packages/tensorflow")]
    public void Then_Python_where_it_is_found(string folder)
    {
        string file = Library("python", folder);

        Assert.Equal(file, _search.Find(null, null, null));
        Assert.Equal($"tensorflow of a Python installation: {file}", _search.Report[^1]);
        Assert.Equal($"native assets beside the application: not found in {In("first")}, {In("app")}", _search.Report[^2]);
    }

    [Fact]
    public void A_Python_folder_that_is_given_is_the_only_one()
    {
        Library("python");
        string file = Library("environment", "lib", "python3.11", "site-packages", "tensorflow");

        Assert.Equal(file, _search.Find(null, null, In("environment")));
        Assert.Equal($"the option PythonFolder ({In("environment")}): {file}", _search.Report[^1]);
    }

    [Fact]
    public void What_is_nowhere_is_left_to_the_system()
    {
        Assert.Null(_search.Find(null, null, null));
        Assert.Equal(4, _search.Report.Count);
        Assert.StartsWith("tensorflow of a Python installation: not found in ", _search.Report[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Each_name_of_the_library_is_taken()
    {
        foreach (string name in LibrarySearch.FileNames.Reverse())
            Assert.Equal(_folder.Add(Path.Combine("app", name), "x"u8), _search.Find(null, null, null));
    }

    [Fact]
    public void A_place_that_was_named_and_has_none_is_an_error()
    {
        Library("app");
        Assert.Contains("the option LibraryPath names", Error(In("nothing"), null, null), StringComparison.Ordinal);
        Assert.Contains("the environment variable MLNETX_TENSORFLOW names", Error(null, In("nothing"), null), StringComparison.Ordinal);
        File.Delete(Path.Combine(In("app"), Name));
        Assert.Contains("PythonFolder names", Error(null, null, In("nothing")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_error_names_packages_commands_and_all_places()
    {
        _search.Find(null, null, null);
        _search.Note("the system's library path: not found");
        string message = _search.NotFound("TensorFlow's library was not found").Message;

        Assert.All(
            [
                "TensorFlow's library was not found",
                "SciSharp.TensorFlow.Redist (CPU)",
                "SciSharp.TensorFlow.Redist-Linux-GPU",
                "SciSharp.TensorFlow.Redist-Windows-GPU",
                "dotnet add package SciSharp.TensorFlow.Redist",
                "pip install tensorflow",
                "PythonFolder",
                "MLNETX_TENSORFLOW",
                "LibraryPath",
                In("first"),
                In("app"),
                In("python"),
                Path.Combine(In("python"), "tensorflow"),
                "the system's library path: not found",
            ],
            part => Assert.Contains(part, message, StringComparison.Ordinal)
        );
    }

    private string Error(string? option, string? variable, string? pythonFolder)
    {
        var search = new LibrarySearch([In("app")], []);
        return Assert.Throws<DllNotFoundException>(() => search.Find(option, variable, pythonFolder)).Message;
    }

    private string In(string folder) => Path.Combine(_folder.Path, folder);

    private string Library(params string[] folder) => _folder.Add(Path.Combine([.. folder, Name]), "x"u8);
}
