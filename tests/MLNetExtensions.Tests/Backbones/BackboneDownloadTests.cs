using System.Runtime.Versioning;
using System.Security.Cryptography;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using Xunit;
using Answer = MLNetExtensions.Tests.Backbones.FileServer.Answer;

namespace MLNetExtensions.Tests.Backbones;

public sealed class BackboneDownloadTests : IDisposable
{
    private static readonly byte[] Content = MakeContent(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("download").FullName;

    private string FilePath => Path.Combine(_folder, "cache", "net.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Whole_file()
    {
        await using var server = new FileServer(new Answer { Content = Content });
        var progress = new Reports();

        await Run(new DownloadOptions { BaseAddresses = [server.Address], Progress = progress });

        Assert.Equal(Content, File.ReadAllBytes(FilePath));
        Assert.StartsWith("GET /files/net.onnx ", server.Requests[0]);
        Assert.Equal(new DownloadProgress(Content.Length, Content.Length, new Uri(server.Address + "/net.onnx")), progress.All[^1]);
        AssertNoPart();
    }

    [Fact]
    public async Task A_file_that_is_there_is_not_fetched_again()
    {
        await using var server = new FileServer(new Answer { Status = 500 });
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllBytes(FilePath, Content);

        await Run(new DownloadOptions { BaseAddresses = [server.Address] });

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_cut_connection_is_resumed()
    {
        await using var server = new FileServer(
            new Answer
            {
                Content = Content,
                ETag = "\"a\"",
                CutAfter = 300_000,
            },
            new Answer { Content = Content, ETag = "\"a\"" }
        );

        await Run(new DownloadOptions { BaseAddresses = [server.Address] });

        Assert.Equal(Content, File.ReadAllBytes(FilePath));
        Assert.Equal(2, server.Requests.Count);
        Assert.Contains("Range: bytes=300000-", server.Requests[1]);
        Assert.Contains("If-Range: \"a\"", server.Requests[1]);
    }

    [Fact]
    public async Task A_cut_chunked_body_is_resumed()
    {
        await using var server = new FileServer(
            new Answer
            {
                Content = Content,
                Chunked = true,
                CutAfter = 1000,
            },
            new Answer { Content = Content }
        );

        await Run(new DownloadOptions { BaseAddresses = [server.Address] });

        Assert.Equal(Content, File.ReadAllBytes(FilePath));
        Assert.Contains("Range: bytes=1000-", server.Requests[1]);
    }

    [Fact]
    public async Task A_server_without_ranges_sends_it_all_again()
    {
        await using var server = new FileServer(
            new Answer { Content = Content, CutAfter = 300_000 },
            new Answer { Content = Content, Ranges = false }
        );

        await Run(new DownloadOptions { BaseAddresses = [server.Address] });

        Assert.Equal(Content, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public async Task A_changed_entity_tag_starts_from_the_beginning()
    {
        await using var server = new FileServer(
            new Answer
            {
                Content = MakeContent(2),
                ETag = "\"old\"",
                CutAfter = 300_000,
            },
            new Answer { Content = Content, ETag = "\"new\"" }
        );

        await Run(new DownloadOptions { BaseAddresses = [server.Address] });

        Assert.Equal(Content, File.ReadAllBytes(FilePath));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_part_of_an_earlier_run_is_continued()
    {
        await using var server = new FileServer(new Answer { Content = Content });
        WritePart(Content[..123_456]);

        await Run(new DownloadOptions { BaseAddresses = [server.Address] });

        Assert.Equal(Content, File.ReadAllBytes(FilePath));
        Assert.Contains("Range: bytes=123456-", server.Requests[0]);
    }

    [Fact]
    public async Task A_part_of_another_file_is_given_up()
    {
        await using var server = new FileServer(new Answer { Content = Content });
        WritePart(MakeContent(2)[..123_456]);

        await Run(new DownloadOptions { BaseAddresses = [server.Address] });

        Assert.Equal(Content, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public async Task A_wrong_hash_names_both_and_leaves_nothing()
    {
        byte[] wrong = MakeContent(2);
        await using var server = new FileServer(new Answer { Content = wrong });

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => Run(new DownloadOptions { BaseAddresses = [server.Address] }));

        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(wrong)), error.Message);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(Content)), error.Message);
        AssertNoPart();
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public async Task Not_found_is_not_retried()
    {
        await using var server = new FileServer(new Answer { Status = 404 });

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => Run(new DownloadOptions { BaseAddresses = [server.Address] }));

        Assert.Contains("404", error.Message);
        Assert.Contains(server.Address.ToString(), error.Message);
        Assert.Single(server.Requests);
        AssertNoPart();
    }

    [Fact]
    public async Task A_busy_server_is_asked_again()
    {
        await using var server = new FileServer(new Answer { Status = 503 }, new Answer { Status = 429 }, new Answer { Content = Content });

        await Run(new DownloadOptions { BaseAddresses = [server.Address] });

        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(Content, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public async Task Retries_end()
    {
        await using var server = new FileServer(new Answer { Status = 503 });

        await Assert.ThrowsAsync<HttpRequestException>(() => Run(new DownloadOptions { BaseAddresses = [server.Address], Retries = 2 }));

        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_silent_server_counts_as_broken()
    {
        await using var server = new FileServer(new Answer { Content = Content, HangAfter = 1000 }, new Answer { Content = Content });

        await Run(new DownloadOptions { BaseAddresses = [server.Address], StallTimeout = TimeSpan.FromMilliseconds(500) });

        Assert.Equal(Content, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public async Task Canceling_leaves_a_part_that_the_next_run_continues()
    {
        await using var server = new FileServer(new Answer { Content = Content, HangAfter = 600_000 }, new Answer { Content = Content });
        using var cancellation = new CancellationTokenSource();
        var progress = new Reports(_ => cancellation.Cancel());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Run(
                new DownloadOptions
                {
                    BaseAddresses = [server.Address],
                    Progress = progress,
                    CancellationToken = cancellation.Token,
                }
            )
        );
        long kept = new FileInfo(FilePath + ".part").Length;
        await Run(new DownloadOptions { BaseAddresses = [server.Address] });

        Assert.InRange(kept, 1, 600_000);
        Assert.Contains($"Range: bytes={kept}-", server.Requests[1]);
        Assert.Equal(Content, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public async Task A_body_of_another_length_is_refused()
    {
        await using var server = new FileServer(new Answer { Content = [.. Content, 1] });

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => Run(new DownloadOptions { BaseAddresses = [server.Address] }));

        Assert.Contains($"{Content.Length + 1} bytes", error.Message);
    }

    [Fact]
    public async Task A_chunked_body_that_does_not_end_is_refused()
    {
        await using var server = new FileServer(new Answer { Content = [.. Content, .. Content], Chunked = true });

        await Assert.ThrowsAsync<InvalidDataException>(() => Run(new DownloadOptions { BaseAddresses = [server.Address] }));

        AssertNoPart();
    }

    [Fact]
    public async Task Mirrors_are_tried_in_order()
    {
        await using var missing = new FileServer(new Answer { Status = 404 });
        await using var wrong = new FileServer(new Answer { Content = MakeContent(2) });
        await using var right = new FileServer(new Answer { Content = Content });

        await Run(new DownloadOptions { BaseAddresses = [missing.Address, wrong.Address, right.Address] });

        Assert.Equal(Content, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public async Task Two_at_once_fetch_it_once()
    {
        await using var server = new FileServer(new Answer { Content = Content });

        await Task.WhenAll(
            Run(new DownloadOptions { BaseAddresses = [server.Address] }),
            Run(new DownloadOptions { BaseAddresses = [server.Address] })
        );

        Assert.Single(server.Requests);
        Assert.Equal(Content, File.ReadAllBytes(FilePath));
        AssertNoPart();
    }

    [Fact]
    public async Task Many_at_once_where_the_first_fail()
    {
        await using var server = new FileServer(new Answer { Status = 404 }, new Answer { Status = 404 }, new Answer { Content = Content });

        Task[] runs = [.. Enumerable.Range(0, 12).Select(_ => Run(new DownloadOptions { BaseAddresses = [server.Address] }))];
        await Task.WhenAll(runs).ContinueWith(_ => { });

        Assert.Equal(2, runs.Count(r => r.Exception?.InnerException is HttpRequestException));
        Assert.Equal(10, runs.Count(r => r.IsCompletedSuccessfully));
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(Content, File.ReadAllBytes(FilePath));
        AssertNoPart();
    }

    [Fact]
    public async Task Without_an_address_the_error_says_where_to_put_the_file()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Run(new DownloadOptions()));

        Assert.Contains(FilePath, error.Message);
    }

    private static byte[] MakeContent(int seed)
    {
        var content = new byte[1_000_000];
        new Random(seed).NextBytes(content);
        return content;
    }

    [Theory]
    [InlineData("http://files.example/")]
    [InlineData("ftp://files.example/")]
    [InlineData("file:///etc/")]
    public async Task Only_HTTPS_is_fetched_from(string address)
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() =>
            Run(new DownloadOptions { BaseAddresses = [new Uri(address)] })
        );

        Assert.Contains($"'{address}net.onnx' is not an address of HTTPS", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(FilePath)));
    }

    [Fact]
    public async Task A_server_that_sends_on_for_ever_is_left()
    {
        await using var server = new FileServer(new Answer { Status = 302, Location = "/files/again" });

        await Assert.ThrowsAsync<HttpRequestException>(() => Run(new DownloadOptions { BaseAddresses = [server.Address], Retries = 0 }));

        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_part_is_its_owners_and_the_file_has_the_rights_of_a_file_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such rights.");
        await using var server = new FileServer(new Answer { Content = Content });
        UnixFileMode part = default;

        await Run(
            new DownloadOptions
            {
                BaseAddresses = [server.Address],
                Progress = new Reports(_ => part = File.GetUnixFileMode(FilePath + ".part")),
            }
        );

        string ordinary = Path.Combine(_folder, "ordinary");
        File.WriteAllText(ordinary, "");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, part);
        Assert.Equal(File.GetUnixFileMode(ordinary), File.GetUnixFileMode(FilePath));
    }

    private Task Run(DownloadOptions options)
    {
        options.RetryDelay = TimeSpan.FromMilliseconds(10);
        var file = new BackboneInfo
        {
            Name = "net",
            FileName = "net.onnx",
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(Content)),
            Size = Content.Length,
            License = "MIT",
            Preprocessing = new ImagePreprocessing { Width = 8, Height = 8 },
        };
        return new BackboneDownload(file, FilePath, options).RunAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    private void WritePart(byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllBytes(FilePath + ".part", bytes);
    }

    private void AssertNoPart() => Assert.False(File.Exists(FilePath + ".part"));

    private sealed class Reports(Action<DownloadProgress>? act = null) : IProgress<DownloadProgress>
    {
        public List<DownloadProgress> All { get; } = [];

        public void Report(DownloadProgress value)
        {
            All.Add(value);
            act?.Invoke(value);
        }
    }
}
