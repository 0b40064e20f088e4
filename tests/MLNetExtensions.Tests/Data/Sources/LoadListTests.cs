using System.Text;
using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Data.Sources;

public sealed class LoadListTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public LoadListTests()
    {
        _folder.Add("pics/a, b.jpg", [1]);
        _folder.Add("pics/c.jpg", [2]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("list.csv", "\uFEFFImagePath,Label,Patient\r\n\"pics/a, b.jpg\",cat,7\r\npics/c.jpg,dog,\r\n")]
    [InlineData("list.tsv", "ImagePath\tLabel\tPatient\npics\\a, b.jpg\tcat\t7\npics/c.jpg\tdog\t\n")]
    [InlineData(
        "list.json",
        """[{"ImagePath": "pics/a, b.jpg", "Label": "cat", "Patient": 7}, {"Label": "dog", "ImagePath": "pics/c.jpg"}]"""
    )]
    [InlineData(
        "list.jsonl",
        "{\"ImagePath\": \"pics/a, b.jpg\", \"Label\": \"cat\", \"Patient\": 7}\n\n{\"Label\": \"dog\", \"ImagePath\": \"pics/c.jpg\", "
            + "\"Patient\": null}"
    )]
    public void Lists_of_every_kind_give_the_same_rows(string name, string text)
    {
        IDataView view = _ml.Data.LoadFromImageList(Add(name, text));
        Assert.Equal(["ImagePath", "Label", "Patient"], view.Schema.Select(column => column.Name));
        Assert.Equal([FullPath("pics/a, b.jpg"), FullPath("pics/c.jpg")], SourceRows.Texts(view, "ImagePath"));
        Assert.Equal(["cat", "dog"], SourceRows.Texts(view, "Label"));
        Assert.Equal(["7", ""], SourceRows.Texts(view, "Patient"));
        Assert.True(view.CanShuffle);
    }

    [Theory]
    [InlineData("x.csv", "ImagePath;Label;Weight\npics/a, b.jpg;cat;1,5\npics/c.jpg;dog;2\n")] // as spreadsheets of countries with decimal commas write it
    [InlineData("x.csv", "ImagePath\tLabel\tWeight\npics/a, b.jpg\tcat\t1,5\npics/c.jpg\tdog\t2\n")]
    [InlineData("x.tsv", "ImagePath,Label,Weight\n\"pics/a, b.jpg\",cat,\"1,5\"\npics/c.jpg,dog,2\n")]
    [InlineData("x.csv", "sep=;\nImagePath;Label;Weight\npics/a, b.jpg;cat;1,5\npics/c.jpg;dog;2\n")]
    [InlineData("x.csv", "ImagePath , Label, Weight\n\"pics/a, b.jpg\", cat,\"1,5\"\npics/c.jpg , dog,2\n")]
    [InlineData("x.csv", "\uFEFFImagePath;Label;Weight;;\r\npics/a, b.jpg;cat;1,5;;\r\npics/c.jpg;dog;2;;\r\n;;;;\r\n")] // cleared columns and rows
    public void Lists_as_spreadsheets_and_people_write_them_are_read(string name, string text)
    {
        IDataView view = _ml.Data.LoadFromImageList(Add(name, text));
        Assert.Equal(["ImagePath", "Label", "Weight"], view.Schema.Select(column => column.Name));
        Assert.Equal([FullPath("pics/a, b.jpg"), FullPath("pics/c.jpg")], SourceRows.Texts(view, "ImagePath"));
        Assert.Equal(["cat", "dog"], SourceRows.Texts(view, "Label"));
        Assert.Equal(["1,5", "2"], SourceRows.Texts(view, "Weight"));
    }

    [Fact]
    public void A_property_without_a_name_is_no_column()
    {
        string list = _folder.Add("list.json", """[{"": 1, "ImagePath": "a.jpg", "Label": "cat"}]"""u8);

        IDataView view = _ml.Data.LoadFromImageList(list, new() { CheckFiles = false });

        Assert.Equal(["ImagePath", "Label"], view.Schema.Select(c => c.Name));
    }

    [Fact]
    public void Paths_may_be_uris_of_files()
    {
        string uri = new Uri(FullPath("pics/a, b.jpg")).AbsoluteUri;
        Assert.Contains("%20", uri);
        Assert.Equal(
            [FullPath("pics/a, b.jpg")],
            SourceRows.Texts(_ml.Data.LoadFromImageList(Add("x.csv", $"ImagePath,Label\n\"{uri}\",cat\n")), "ImagePath")
        );
        Assert.Contains(
            "line 2: 'file:pics' is no URI of a file",
            Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromImageList(Add("x.csv", "ImagePath,Label\nfile:pics,cat\n"))).Message
        );
    }

    [Fact]
    public void Columns_may_have_other_names_or_none()
    {
        string path = Add("named.csv", "id,file,species\n1,c.jpg,dog\n");
        IDataView view = _ml.Data.LoadFromImageList(
            path,
            new()
            {
                ImageColumn = "file",
                LabelColumn = "species",
                ImageFolder = FullPath("pics"),
            }
        );
        Assert.Equal(["ImagePath", "Label", "id"], view.Schema.Select(column => column.Name));
        Assert.Equal([FullPath("pics/c.jpg")], SourceRows.Texts(view, "ImagePath"));

        path = Add("bare.csv", "pics/c.jpg,dog\n\"pics/a, b.jpg\",cat\n");
        view = _ml.Data.LoadFromImageList(
            path,
            new()
            {
                HasHeader = false,
                ImageColumn = "0",
                LabelColumn = "1",
            }
        );
        Assert.Equal(["dog", "cat"], SourceRows.Texts(view, "Label"));
        view = _ml.Data.LoadFromImageList(
            path,
            new()
            {
                HasHeader = false,
                ImageColumn = "0",
                LabelColumn = null,
            }
        );
        Assert.Equal(["ImagePath", "1"], view.Schema.Select(column => column.Name));
    }

    [Theory]
    [InlineData(
        "x.csv",
        "Path,Label\na,b\n",
        "has no column 'ImagePath'; it has Path, Label, separated by ','. Set LoadListOptions.ImageColumn"
    )]
    [InlineData("x.csv", "Path;Label\na;b\n", "it has Path, Label, separated by ';'. Set")]
    [InlineData("x.csv", "ImagePath,Label\n", "has no rows")]
    [InlineData("x.csv", "", "has no rows")]
    [InlineData("x.csv", "ImagePath,Label\npics/c.jpg\n", "line 2: 1 fields, the columns are 2")]
    [InlineData("x.csv", "ImagePath,Label\npics/c.jpg,\n", "line 2: 'Label' is empty")]
    [InlineData("x.csv", "ImagePath,Label\n ,dog\n", "line 2: 'ImagePath' is empty")]
    [InlineData("x.csv", "ImagePath,Label,Label\na,b,c\n", "two columns have the same name")]
    [InlineData("x.csv", "ImagePath,Label\n\"pics/c.jpg,dog\n", "the quote opened on line 2 is never closed")]
    [InlineData("x.json", "{\"ImagePath\": \"a\"}", "expected an array of objects, got Object")]
    [InlineData("x.json", "[3]", "item 0: expected an object with a path and a label, got Number")]
    [InlineData(
        "x.json",
        "[{\"ImagePath\": \"pics/c.jpg\"}, {\"ImagePath\": \"pics/c.jpg\", \"Label\": \"x\"}]",
        "item 0: 'Label' is empty"
    )]
    [InlineData("x.json", "[{]", "no valid JSON")]
    [InlineData("x.jsonl", "{\"ImagePath\": \"a\"}\n{", "line 2: no valid JSON")]
    [InlineData("x.json", """[{"ImagePath": "\ud800", "Label": "x"}]""", "item 0: a text that is no Unicode")]
    [InlineData("x.csv", "ImagePath,Label\na\0.jpg,x\n", "line 2: the path holds a null character")]
    [InlineData("x.csv", "ImagePath,Label\n\"a\"b,x\n", "line 2: 'b' follows a closing quote")]
    [InlineData("x.xlsx", "a", "ends in '.xlsx'; lists are .csv, .tsv, .json")]
    public void What_is_wrong_with_a_list_is_named(string name, string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromImageList(Add(name, text))).Message);

    [Fact]
    public void Files_that_are_missing_are_named_with_their_lines()
    {
        string path = Add(
            "missing.csv",
            "ImagePath,Label\n" + string.Concat(Enumerable.Range(1, 7).Select(i => $"no{i}.jpg,x\n")) + "pics/c.jpg,x\n"
        );
        string message = Assert.Throws<FileNotFoundException>(() => _ml.Data.LoadFromImageList(path)).Message;
        Assert.Contains("7 of the 8 files", message);
        Assert.Contains($"line 2: '{FullPath("no1.jpg")}'", message);
        Assert.DoesNotContain("no6.jpg", message);
        Assert.Equal(8, _ml.Data.LoadFromImageList(path, new() { CheckFiles = false }).GetRowCount());
        Assert.Throws<FileNotFoundException>(() => _ml.Data.LoadFromImageList(FullPath("none.csv")));
        _folder.Add("latin.csv", [.. "ImagePath,Label\n"u8, 0xE9, (byte)'\n']);
        Assert.Contains("not UTF-8", Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromImageList(FullPath("latin.csv"))).Message);
    }

    [Fact]
    public void Defaults_are_as_documented()
    {
        var options = new LoadListOptions();
        Assert.Equal(
            ("ImagePath", "Label", true, null, true),
            (options.ImageColumn, options.LabelColumn, options.HasHeader, options.ImageFolder, options.CheckFiles)
        );
        Assert.Equal(256L << 20, new LoadArchiveOptions().MaxImageBytes);
    }

    private string Add(string name, string text) => _folder.Add(name, Encoding.UTF8.GetBytes(text));

    private string FullPath(string name) => Path.GetFullPath(Path.Combine(_folder.Path, name));
}
