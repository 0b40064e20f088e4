using MLNetExtensions.TestData;
using MLNetExtensions.Training.Logging;
using Xunit;

namespace MLNetExtensions.Tests.Training.Logging;

public sealed class CsvLogTests : IDisposable
{
    private static readonly string[] Columns = ["epoch", "loss", "note"];

    private readonly TemporaryFolder _folder = new();

    private string LogPath => Path.Combine(_folder.Path, "run", "log.csv");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_are_RFC_4180_and_in_the_file_at_once()
    {
        using CsvLog log = CsvLog.Create(LogPath, Columns);
        log.Append(1, 0.5, "plain");
        log.Append(2, 1e-7f, "a \"quoted\", long\nnote");
        log.Append(null, TimeSpan.FromMinutes(1.5), true);
        Assert.Equal("epoch,loss,note\r\n1,0.5,plain\r\n2,1E-07,\"a \"\"quoted\"\", long\nnote\"\r\n,90,True\r\n", Read());
        Assert.Contains("has 3 columns, got 1 values", Assert.Throws<ArgumentException>(() => log.Append(1)).Message);
    }

    [Fact]
    public void Two_runs_do_not_write_one_log()
    {
        using CsvLog first = CsvLog.Create(LogPath, Columns);

        IOException error = Assert.Throws<IOException>(() => CsvLog.Resume(LogPath, Columns));

        Assert.Contains($"'{LogPath}' is in use by a run that has not ended", error.Message, StringComparison.Ordinal);
        first.Append(1, 0.5, "kept");
        Assert.EndsWith("1,0.5,kept\r\n", Read(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_log_replaces_an_old_one_and_leaves_nothing_beside_it()
    {
        using (CsvLog old = CsvLog.Create(LogPath, ["other"]))
            old.Append(1);
        using (CsvLog.Create(LogPath, Columns))
            Assert.Equal("epoch,loss,note\r\n", Read());
        Assert.Equal([LogPath], Directory.GetFiles(Path.GetDirectoryName(LogPath)!));
        Assert.Throws<ArgumentException>(() => CsvLog.Create(LogPath, []));
        Assert.Throws<ArgumentException>(() => CsvLog.Create(LogPath, ["a", "a"]));
    }

    [Fact]
    public void A_resumed_log_keeps_the_rows_up_to_the_checkpoint()
    {
        using (CsvLog log = CsvLog.Create(LogPath, Columns))
            for (int epoch = 1; epoch <= 5; epoch++)
                log.Append(epoch, 1.0 / epoch, "a,b");
        using (CsvLog log = CsvLog.Resume(LogPath, Columns, rows: 3))
            log.Append(4, 0.125, "again");
        Assert.Equal("epoch,loss,note\r\n1,1,\"a,b\"\r\n2,0.5,\"a,b\"\r\n3,0.3333333333333333,\"a,b\"\r\n4,0.125,again\r\n", Read());
    }

    [Theory]
    [InlineData("epoch,loss,note\r\n1,0.5,x\r\n2,0.2")]
    [InlineData("epoch,loss,note\r\n1,0.5,x\r\n2,0.2,y")]
    [InlineData("epoch,loss,note\r\n1,0.5,x\r\n2,0.2,\"y\r\n")]
    [InlineData("epoch,loss,note\r\n1,0.5,x\r\n2,\r\n")]
    public void A_row_that_a_crash_cut_short_is_taken_out(string file)
    {
        _folder.Add("run/log.csv", System.Text.Encoding.UTF8.GetBytes(file));
        using (CsvLog log = CsvLog.Resume(LogPath, Columns))
            log.Append(2, 0.25, "z");
        Assert.Equal("epoch,loss,note\r\n1,0.5,x\r\n2,0.25,z\r\n", Read());
    }

    [Fact]
    public void A_log_of_another_run_is_refused_and_none_is_a_new_one()
    {
        using (CsvLog.Resume(LogPath, Columns))
            Assert.Equal("epoch,loss,note\r\n", Read());
        string message = Assert.Throws<InvalidDataException>(() => CsvLog.Resume(LogPath, ["epoch", "accuracy"])).Message;
        Assert.Contains("its columns are epoch, loss, note; this run writes epoch, accuracy", message);
        Assert.Equal("epoch,loss,note\r\n", Read());
    }

    private string Read()
    {
        using var file = new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(file).ReadToEnd();
    }
}
