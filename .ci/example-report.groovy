// An example has run: its report has the Tokens tab, and its files have the figures.
// basedir is this script's folder, reached by ../../../.ci from the copy of the example
def example = basedir.parentFile.parentFile.parentFile.parentFile
def reports = new File(example, 'target/gatling').listFiles().findAll { file -> file.isDirectory() }
assert reports.size() == 1
def index = new File(reports[0], 'index.html').text
assert index.contains('llm-data') : 'no Tokens tab in index.html'
assert index.contains('llm-tokens.js') : 'no script of the Tokens tab in index.html'
def tokens = new groovy.json.JsonSlurper().parse(new File(reports[0], 'tokens.json'))
assert tokens.totals.ok > 0 && tokens.totals.ko == 0
assert new File(reports[0], 'requests.jsonl').readLines().size() >= tokens.totals.requests
assert new File(example, 'build.log').text.contains('#tokens') : 'the last line does not name the tab'
